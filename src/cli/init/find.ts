import { SourceError } from "../../errors/errors.js";
import type { Http } from "../../http/http.js";
import { isGlob } from "../../sources/glob.js";
import { joinUrl } from "../../sources/join-url.js";
import type { Drafts } from "./job-draft.js";

/** More metrics than this are more than one job should hold. */
const MOST_METRICS = 200;

/**
 * A template of a Graphite pattern: the node that takes most values is the machine, the next one the aggregator, as in
 * `statsd.*.lag.*` → `statsd.{machine}.lag.{aggregator}`.
 *
 * @param paths what the pattern finds.
 */
export function templateOf(pattern: string, paths: readonly string[]): string {
  const nodes = pattern.split(".");
  const values = nodes.map((node, i) => (isGlob(node) ? new Set(paths.map((path) => path.split(".")[i])).size : 0));
  const globs = nodes.map((_, i) => i).filter((i) => values[i] > 0);
  const [machine, aggregator] = globs.toSorted((a, b) => values[b] - values[a] || a - b);
  return nodes.map((node, i) => (i === machine ? "{machine}" : i === aggregator ? "{aggregator}" : node)).join(".");
}

/** `GET /metrics/find` of graphite-web. @throws SourceError where nothing is found or the answer is something else. */
export async function findPaths(
  http: Http,
  url: string,
  headers: Record<string, string>,
  pattern: string,
): Promise<Drafts> {
  const found = await http.getJson(joinUrl(url, `metrics/find?format=json&query=${encodeURIComponent(pattern)}`), {
    headers,
  });
  const paths = Array.isArray(found)
    ? found.flatMap((one: { path?: unknown; is_leaf?: unknown } | null) =>
        one?.is_leaf === true && typeof one.path === "string" ? [one.path] : [],
      )
    : [];
  if (paths.length === 0)
    throw nothing(pattern, "a pattern reaches to the metrics themselves, such as 'statsd.*.lag.*'");
  const settings = { source: "graphite", "graphite-url": url, template: templateOf(pattern, paths), model: "found" };
  return { jobs: [{ name: "found", comment: `${paths.length} metrics`, settings }], leftOut: [] };
}

/** The metric names of Prometheus or VictoriaMetrics that a pattern fits: gauges as one job, counters as another. */
export async function findMetrics(
  http: Http,
  url: string,
  headers: Record<string, string>,
  pattern: string,
  source: "prometheus" | "victoriametrics",
): Promise<Drafts> {
  const match = encodeURIComponent(`{__name__=~${JSON.stringify(pattern)}}`);
  const found = await http.getJson(joinUrl(url, `api/v1/label/__name__/values?match[]=${match}`), { headers });
  const names = ((found as { data?: unknown } | null)?.data ?? []) as readonly string[];
  if (names.length === 0) throw nothing(pattern, "it must fit whole names, as 'lag_.*' does");
  const kept = names.slice(0, MOST_METRICS);
  const isCounter = (name: string) => /_(total|count|sum|bucket)$/.test(name);
  const job = (name: string, query: readonly string[], rate: boolean) => ({
    name,
    comment: rate ? "counters, as their names say" : undefined,
    settings: { source, [`${source}-url`]: url, query, ...(rate ? { rate } : {}), model: name },
  });
  const [gauges, counters] = [kept.filter((name) => !isCounter(name)), kept.filter(isCounter)];
  return {
    jobs: [
      ...(gauges.length === 0 ? [] : [job("gauges", gauges, false)]),
      ...(counters.length === 0 ? [] : [job("counters", counters, true)]),
    ],
    leftOut: names.slice(MOST_METRICS).map((name) => `${name}: more than ${MOST_METRICS} metrics fit`),
  };
}

function nothing(pattern: string, advice: string): SourceError {
  return new SourceError("not_found", `no metric fits ${pattern}; ${advice}`);
}
