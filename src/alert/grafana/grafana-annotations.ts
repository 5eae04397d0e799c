import { createHttp } from "../../http/http.js";
import { orgIdFrom, secretFrom } from "../../runs/source/server-credentials.js";
import { grafanaHeaders } from "../../sources/grafana/source.js";
import { joinUrl } from "../../sources/join-url.js";
import type { Annotation } from "./annotation.js";

/** An annotation that is in Grafana. */
export interface StoredAnnotation extends Annotation {
  readonly id: number;
  /** Of the dashboard that it is on; null: on all of the organisation. */
  readonly dashboardUid: string | null;
}

/** Grafana's annotations, as far as they are needed. Every call may throw SourceError. */
export interface GrafanaAnnotations {
  /** Those with a tag. */
  readonly find: (tag: string) => Promise<readonly StoredAnnotation[]>;
  readonly add: (annotation: Annotation, dashboardUid: string | null) => Promise<void>;
  readonly change: (id: number, annotation: Annotation) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** @param env holds the token, or names its file, which is read again for each request. */
export function grafanaAnnotations(url: string, env: Readonly<Record<string, string | undefined>>): GrafanaAnnotations {
  // Nothing is retried below: an annotation whose answer was lost is looked for before it is made again.
  const http = createHttp({ retry: { retries: 0 }, maxConnections: 1 });
  const at = (path: string) => joinUrl(url, `api/annotations${path}`);
  const asking = () => ({
    headers: grafanaHeaders({ token: secretFrom("grafanaToken", env), orgId: orgIdFrom(env) }),
  });
  return {
    find: async (tag) => {
      const found = await http.getJson(at(`?${new URLSearchParams({ tags: tag, limit: "100" })}`), asking());
      return (Array.isArray(found) ? found : []).map((one) => ({
        id: Number(one.id),
        time: Number(one.time),
        timeEnd: Number(one.timeEnd),
        tags: Array.isArray(one.tags) ? one.tags.map(String) : [],
        text: String(one.text),
        dashboardUid: typeof one.dashboardUID === "string" && one.dashboardUID !== "" ? one.dashboardUID : null,
      }));
    },
    add: async (annotation, dashboardUid) => {
      const body = dashboardUid === null ? annotation : { ...annotation, dashboardUID: dashboardUid };
      await http.postJson(at(""), body, asking());
    },
    change: async (id, annotation) => {
      await http.patchJson(at(`/${id}`), annotation, asking());
    },
    close: () => http.close(),
  };
}
