import type { Http } from "../../http/http.js";
import type { KnownEvent } from "../../records/known-event.js";
import type { TimeRange } from "../../series/series.js";
import { grafanaHeaders } from "../../sources/grafana/source.js";
import { joinUrl } from "../../sources/join-url.js";
import { HOUR_MS } from "../../time/duration.js";
import { formatUtc } from "../../time/format.js";
import { orgIdFrom, secretFrom } from "../source/server-credentials.js";
import type { Surroundings } from "../surroundings.js";

/** As many as Grafana gives at once; more in one range are a mistake. */
const MOST = 5000;
/** A mark without an end is a moment: what follows within this time may come from it. */
const MOMENT_MS = HOUR_MS;

/**
 * Annotations with a tag as events. Tags such as `machine=n2*` say what they concern; without one they concern every series.
 *
 * @throws SourceError where Grafana does not answer, or refuses.
 */
export async function grafanaEvents(
  http: Pick<Http, "getJson">,
  { url, tag, kind }: { readonly url: string; readonly tag: string; readonly kind: KnownEvent["kind"] },
  { startMs, endMs }: TimeRange,
  env: Surroundings["env"],
): Promise<readonly KnownEvent[]> {
  // One that began before may last into the range.
  const from = String(startMs - MOMENT_MS);
  const query = new URLSearchParams({ tags: tag, from, to: String(endMs), limit: String(MOST) });
  const headers = grafanaHeaders({ token: secretFrom("grafanaToken", env), orgId: orgIdFrom(env) });
  const found = await http.getJson(joinUrl(url, `api/annotations?${query}`), { headers });
  return (Array.isArray(found) ? found : []).flatMap((one): KnownEvent[] => {
    const [beganMs, endedMs] = [Number(one.time), Number(one.timeEnd)];
    const untilMs = endedMs > beganMs ? endedMs : beganMs + MOMENT_MS;
    if (!(untilMs > startMs && beganMs < endMs)) return [];
    const tags: readonly string[] = Array.isArray(one.tags) ? one.tags.map(String) : [];
    return [
      {
        id: `grafana:${Number(one.id)}`,
        kind,
        matchers: tags.filter((text) => /^[A-Za-z_][\w.-]*\s*!?=/.test(text)),
        from: formatUtc(beganMs),
        until: formatUtc(untilMs),
        note: plainText(String(one.text ?? "")) || null,
      },
    ];
  });
}

/** Grafana's texts may hold HTML. */
const plainText = (text: string) =>
  text
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
