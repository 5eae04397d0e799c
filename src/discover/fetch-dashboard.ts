import { SourceError } from "../errors/errors.js";
import { placeOf } from "../http/failure.js";
import type { Http } from "../http/http.js";
import { inApiWords } from "../sources/grafana/words.js";
import { joinUrl } from "../sources/join-url.js";
import { jobsOfDashboard, libraryUids } from "./dashboard.js";
import { type DataSources, readDataSources } from "./dashboard-sources.js";
import type { Drafts } from "./job-draft.js";

/** A dashboard with its library panels and the data sources that it names. @throws SourceError where Grafana does not give it. */
export async function draftsOfDashboard(
  http: Http,
  url: string,
  headers: Readonly<Record<string, string>>,
  uid: string,
): Promise<Drafts> {
  const host = placeOf(url).replace(/\/$/, "");
  const get = (path: string, what: string, right: string) =>
    http.getJson(joinUrl(url, path), { headers }).catch((error: unknown) => {
      throw inApiWords(error, host, what, right);
    });
  const json = await get(
    `api/dashboards/uid/${encodeURIComponent(uid)}`,
    `the dashboard ${uid}`,
    '"dashboards:read" (role Viewer, and a permission on the dashboard or its folder)',
  );
  const library = new Map<string, unknown>();
  for (const one of libraryUids(json, placeOf(url))) {
    const path = `api/library-elements/${encodeURIComponent(one)}`;
    library.set(
      one,
      await get(path, `the library panel ${one}`, '"library.panels:read" (role Viewer)').then(modelOf, missing),
    );
  }
  const sources: DataSources = await get("api/frontend/settings", "the data sources", '"datasources:read"').then(
    readDataSources,
    (error) => {
      missing(error);
      return { byName: new Map() };
    },
  );
  const { jobs, leftOut } = jobsOfDashboard(json, placeOf(url), { sources, library });
  const shared = { "grafana-url": url, "dashboard-uid": uid };
  return { jobs: jobs.map((job) => ({ ...job, settings: { ...job.settings, ...shared } })), leftOut };
}

const modelOf = (json: unknown) => (json as { result?: { model?: unknown } } | null)?.result?.model;

/** What a dashboard can be read without. */
function missing(error: unknown): Error {
  if (error instanceof SourceError && error.code !== "source.unauthorised") return error;
  throw error;
}
