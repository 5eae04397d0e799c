import { SourceError } from "../errors/errors.js";
import { placeOf } from "../http/failure.js";
import type { Http } from "../http/http.js";
import { joinUrl } from "../sources/join-url.js";
import { writtenQuery } from "../sources/promql/named-query.js";
import { chooseJobs, type FamilyFacts } from "./choose-jobs.js";
import { type Drafts, type JobDraft, jobName } from "./job-draft.js";
import { MACHINE_LABELS } from "./machine-label.js";
import { type MetricFamily, metricFamilies } from "./metric-family.js";

/** The hours in which a metric must have moved. A server that is younger is judged by what it has. */
const SAMPLE = "6h";
/** What has had a value in this time is there; some exporters are scraped every few minutes only. */
const RECENT = "1h";
/** A gauge that has changed no more often than this has seen a restart or a new configuration. */
const FEW_CHANGES = 2;
/** Metrics that one request looks at: their expressions are joined, and each reads hours. */
const METRICS_AT_ONCE = 20;
/** Shorter rates jump with every scrape that comes late. */
const LEAST_WINDOW_MINUTES = 5;
/** Names of gauges that may hold a point in time; the value decides. */
const TIMELIKE = /(time|timestamp|created|expiry|mtime|ctime)(_|$)/;

interface Sample {
  readonly metric?: Readonly<Record<string, string>>;
  readonly value?: readonly [unknown, unknown];
}

/** Prometheus, VictoriaMetrics, or what speaks as they do, as they are asked about what they hold. */
export interface PromqlServerToFind {
  readonly http: Http;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly source: "prometheus" | "victoriametrics";
}

/**
 * Jobs from the metrics of a server. Without a pattern exporters that are known get a ready-made job; of everything else, and of what
 * a pattern of names fits, that which varies is taken.
 *
 * @throws SourceError where nothing is found or nothing varies.
 */
export async function findMetrics(server: PromqlServerToFind, pattern: string | undefined): Promise<Drafts> {
  const { source, url } = server;
  const matcher = `{__name__=~${JSON.stringify(pattern ?? ".+")}}`;
  const counts = await countByName(server, `count by (__name__) (last_over_time(${matcher}[${RECENT}]))`);
  if (counts.size === 0) {
    const advice =
      pattern === undefined
        ? "check that it scrapes something"
        : "the pattern must fit whole names of metrics that have values, as 'lag_.*' does";
    const what =
      pattern === undefined ? "has no metric with a value in the last hour" : `has no metric that fits ${pattern}`;
    throw new SourceError("not_found", `${placeOf(url)} ${what}; ${advice}`);
  }
  const families = metricFamilies([...counts.keys()].sort(), await typesOf(server));
  const labels = new Map<string, ReadonlyMap<string, number>>();
  for (const label of MACHINE_LABELS) {
    const named = `{__name__=~${JSON.stringify(pattern ?? ".+")},${label}!=""}`;
    labels.set(
      label,
      await countByName(
        server,
        `count by (__name__) (count by (__name__, ${label}) (last_over_time(${named}[${RECENT}])))`,
      ),
    );
  }
  const varying = await byMetric(
    server,
    families,
    ({ probe }) => `count(changes(${probe}[${SAMPLE}]) > ${FEW_CHANGES})`,
  );
  const timelike = families.filter(({ name, type }) => type === "gauge" && TIMELIKE.test(name));
  const moments = await byMetric(server, timelike, ({ name }) => `max(last_over_time(${name}[${RECENT}])) > 1e9`);
  const facts = families.map(
    (family): FamilyFacts => ({
      family,
      series: counts.get(family.probe) ?? 0,
      varying: varying.get(family.name) ?? 0,
      labels: new Map(
        [...labels].flatMap(([label, byName]) => {
          const values = byName.get(family.probe);
          return values === undefined ? [] : [[label, values]];
        }),
      ),
      isMoment: moments.has(family.name),
    }),
  );
  const { jobs, leftOut } = chooseJobs(facts, { sets: pattern === undefined, window: await rateWindow(server) });
  if (jobs.length === 0) {
    throw new SourceError(
      "not_found",
      `${placeOf(url)} has ${counts.size} metrics, but none of them has varied in the last ${SAMPLE}; try again once it has some minutes of values`,
    );
  }
  const taken = new Set<string>();
  const drafts = jobs.map(({ name: title, comment, by, queries }): JobDraft => {
    const name = jobName(title, taken);
    taken.add(name);
    return {
      name,
      comment,
      settings: {
        source,
        [`${source}-url`]: url,
        query: queries.map(writtenQuery),
        label: `machine=${by}`,
        model: name,
      },
    };
  });
  return { jobs: drafts, leftOut };
}

async function instant({ http, url, headers }: PromqlServerToFind, query: string): Promise<readonly Sample[]> {
  const reply = await http.postForm(joinUrl(url, "api/v1/query"), [["query", query]], { headers });
  const { data } = (reply ?? {}) as { data?: { result?: unknown } | null };
  if (Array.isArray(data?.result)) return data.result as readonly Sample[];
  throw new SourceError(
    "unexpected",
    `${placeOf(url)} answered with JSON that is not a Prometheus reply: data.result is needed; check the address`,
  );
}

const figure = ({ value }: Sample) => Number(value?.[1]);

async function countByName(server: PromqlServerToFind, query: string): Promise<ReadonlyMap<string, number>> {
  const samples = await instant(server, query);
  return new Map(
    samples.flatMap((sample) => {
      const name = sample.metric?.["__name__"];
      return name === undefined ? [] : [[name, figure(sample)]];
    }),
  );
}

/** One figure of each family, several families a request; none of those for which the server has none. */
async function byMetric(
  server: PromqlServerToFind,
  families: readonly MetricFamily[],
  expression: (family: MetricFamily) => string,
): Promise<ReadonlyMap<string, number>> {
  const figures = new Map<string, number>();
  for (let i = 0; i < families.length; i += METRICS_AT_ONCE) {
    const parts = families
      .slice(i, i + METRICS_AT_ONCE)
      .map((family) => `label_replace(${expression(family)},"metric",${JSON.stringify(family.name)},"","")`);
    for (const sample of await instant(server, parts.join(" or "))) {
      const name = sample.metric?.["metric"];
      if (name !== undefined) figures.set(name, figure(sample));
    }
  }
  return figures;
}

/** `GET /api/v1/metadata`; none where the server keeps none. */
async function typesOf({ http, url, headers }: PromqlServerToFind): Promise<ReadonlyMap<string, string>> {
  let reply: unknown;
  try {
    reply = await http.getJson(joinUrl(url, "api/v1/metadata"), { headers });
  } catch (error) {
    if (error instanceof SourceError && ["source.not_found", "source.refused"].includes(error.code)) return new Map();
    throw error;
  }
  const data = (reply as { data?: Readonly<Record<string, readonly { type?: unknown }[]>> } | null)?.data ?? {};
  return new Map(
    Object.entries(data).flatMap(([name, [first]]): [string, string][] =>
      typeof first?.type === "string" && !/^(unknown|untyped)$/.test(first.type) ? [[name, first.type]] : [],
    ),
  );
}

/** Four scrapes, and at least five minutes: a rate over fewer samples jumps. */
async function rateWindow(server: PromqlServerToFind): Promise<string> {
  const span = "(max_over_time(timestamp(up)[1h:15s]) - min_over_time(timestamp(up)[1h:15s]))";
  const [slowest] = await instant(server, `max(${span} / (count_over_time(up[1h]) - 1))`);
  const apartS = slowest === undefined ? Number.NaN : figure(slowest);
  const minutes = Number.isFinite(apartS) ? Math.ceil((4 * apartS) / 60) : LEAST_WINDOW_MINUTES;
  return `${Math.max(LEAST_WINDOW_MINUTES, minutes)}m`;
}
