import { SourceError } from "../errors/errors.js";
import { placeOf } from "../http/failure.js";
import type { Http } from "../http/http.js";
import { isGlob } from "../sources/glob.js";
import { joinUrl } from "../sources/join-url.js";
import { type Drafts, type JobDraft, jobName } from "./job-draft.js";

/**
 * A template of a Graphite pattern: the node that takes most values is the machine, the next one the aggregator, as in
 * `statsd.*.lag.*` → `statsd.{machine}.lag.{aggregator}`. Further ones get names of their own, so that all series stay apart.
 *
 * @param paths what the pattern finds. @param measured the node that says what is measured, where that is known.
 */
export function templateOf(pattern: string, paths: readonly string[], measured?: number): string {
  const nodes = pattern.split(".");
  const values = nodes.map((node, i) => (isGlob(node) ? new Set(paths.map((path) => path.split(".")[i])).size : 0));
  const globs = nodes.map((_, i) => i).filter((i) => values[i] > 0);
  const ranked = globs.toSorted((a, b) => values[b] - values[a] || a - b).filter((i) => i !== measured);
  const [machine, aggregator, ...rest] = measured === undefined ? ranked : [ranked[0], measured, ...ranked.slice(1)];
  const names = new Map<number, string>([
    [machine, "machine"],
    [aggregator, "aggregator"],
    ...rest.map((at, i): [number, string] => [at, i === 0 ? "part" : `part${i + 1}`]),
  ]);
  return nodes.map((node, i) => (names.has(i) ? `{${names.get(i)}}` : node)).join(".");
}

/** What a well-known program writes into Graphite; the last node of a path is what it measures. */
interface GraphiteSet {
  readonly name: string;
  readonly about: string;
  /** Patterns that are tried one after the other; names may have some nodes more. */
  readonly patterns: readonly string[];
  /** What is worth watching, where not all of it is. */
  readonly measures?: readonly string[];
}

/** @see https://graphite.readthedocs.io/en/latest/releases.html and statsd's docs/namespacing.md and docs/metric_types.md */
const SETS: readonly GraphiteSet[] = [
  {
    name: "carbon",
    about: "Graphite's carbon: what it receives, writes and holds back",
    patterns: ["carbon.agents.*.*"],
    measures: [
      ...["metricsReceived", "committedPoints", "updateOperations", "pointsPerUpdate", "avgUpdateTime", "creates"],
      ...["droppedCreates", "errors", "cpuUsage", "memUsage", "activeConnections", "blacklistMatches"],
    ],
  },
  { name: "carbon-cache", about: "the cache of carbon", patterns: ["carbon.agents.*.cache.*"] },
  {
    name: "carbon-relay",
    about: "carbon's relays",
    patterns: ["carbon.relays.*.*"],
    measures: ["metricsReceived", "cpuUsage", "memUsage", "activeConnections"],
  },
  {
    name: "statsd",
    about: "statsd itself",
    patterns: ["stats.counters.statsd.*.rate", "stats.statsd.*"],
    measures: ["packets_received", "metrics_received", "bad_lines_seen", "processing_time", "rate"],
  },
  {
    name: "statsd-timers",
    about: "timers of statsd, 90th percentile",
    patterns: ["stats.timers.*.upper_90", "stats.timers.*.*.upper_90", "stats.timers.*.*.*.upper_90"],
  },
  {
    name: "statsd-counters",
    about: "counters of statsd, a second",
    patterns: ["stats.counters.*.rate", "stats.counters.*.*.rate", "stats.counters.*.*.*.rate"],
  },
  {
    name: "statsd-gauges",
    about: "gauges of statsd",
    patterns: ["stats.gauges.*", "stats.gauges.*.*", "stats.gauges.*.*.*"],
  },
];

/** A graphite-web as it is asked what it holds. */
export interface GraphiteToFind {
  readonly http: Http;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Jobs from the metrics of a Graphite: those that a pattern finds, or without one what carbon and statsd write of themselves.
 *
 * @throws SourceError where nothing is found or the answer is something else.
 */
export async function findPaths(server: GraphiteToFind, pattern: string | undefined): Promise<Drafts> {
  if (pattern !== undefined) {
    const paths = await leaves(server, pattern);
    if (paths.length === 0) {
      throw new SourceError(
        "not_found",
        `no metric fits ${pattern}; a pattern must match the metrics themselves, such as 'statsd.*.lag.*'`,
      );
    }
    return { jobs: [draft(server, "found", `${paths.length} metrics`, templateOf(pattern, paths))], leftOut: [] };
  }
  const jobs: JobDraft[] = [];
  for (const { name, about, patterns, measures } of SETS) {
    for (const one of patterns) {
      const paths = await leaves(server, one);
      // statsd's own counters are a job of their own.
      const own = name.startsWith("statsd-") ? paths.filter((path) => !/\.statsd\./.test(path)) : paths;
      const kept = own.filter((path) => measures?.includes(lastOf(path, one)) ?? true);
      if (kept.length === 0) continue;
      const template = templateOf(one, kept, measures === undefined ? undefined : one.split(".").lastIndexOf("*"));
      const values = [...new Set(kept.map((path) => lastOf(path, one)))].sort();
      const chosen =
        measures !== undefined && template.includes("{aggregator}") ? `aggregator=${values.join(",")}` : undefined;
      const title = jobName(name, new Set(jobs.map((job) => job.name)));
      jobs.push(draft(server, title, `${about}; ${kept.length} metrics`, template, chosen));
    }
  }
  if (jobs.length > 0) return { jobs, leftOut: [] };
  const tops = (await find(server, "*")).map(({ path }) => path).slice(0, 10);
  throw new SourceError(
    "not_found",
    `${placeOf(server.url)} has no metrics of carbon or statsd that are known here; name yours with --find, such as --find '${tops[0] ?? "statsd"}.*.lag.*'` +
      (tops.length === 0 ? "" : `; it has ${tops.join(", ")}`),
  );
}

function draft({ url }: GraphiteToFind, name: string, comment: string, template: string, values?: string): JobDraft {
  const chosen: JobDraft["settings"] = values === undefined ? {} : { var: values };
  return { name, comment, settings: { source: "graphite", "graphite-url": url, template, ...chosen, model: name } };
}

/** The node of a path that stands where the pattern has its last star. */
const lastOf = (path: string, pattern: string) => path.split(".")[pattern.split(".").lastIndexOf("*")];

const leaves = async (server: GraphiteToFind, pattern: string) =>
  (await find(server, pattern)).flatMap(({ path, isLeaf }) => (isLeaf ? [path] : []));

/** `GET /metrics/find` of graphite-web. */
async function find(
  { http, url, headers }: GraphiteToFind,
  pattern: string,
): Promise<readonly { readonly path: string; readonly isLeaf: boolean }[]> {
  const found = await http.getJson(joinUrl(url, `metrics/find?format=json&query=${encodeURIComponent(pattern)}`), {
    headers,
  });
  if (!Array.isArray(found)) return [];
  return found.flatMap((one: { id?: unknown; path?: unknown; is_leaf?: unknown; leaf?: unknown } | null) => {
    const path = one?.path ?? one?.id;
    return typeof path === "string" ? [{ path, isLeaf: one?.is_leaf === true || one?.leaf === 1 }] : [];
  });
}
