import { EXPORTER_SETS, metricsIn } from "./exporter-sets.js";
import { machineLabel } from "./machine-label.js";
import type { MetricFamily } from "./metric-family.js";
import { type DiscoveredQuery, queriesOf } from "./metric-query.js";

/** What a sample of the newest hours says of a family. */
export interface FamilyFacts {
  readonly family: MetricFamily;
  /** Series of its probe; and those whose value has changed more than a restart would change it. */
  readonly series: number;
  readonly varying: number;
  /** How many values each machine label has among them. */
  readonly labels: ReadonlyMap<string, number>;
  /** Its values are points in time, such as when a machine was booted. */
  readonly isMoment: boolean;
}

export interface DiscoveredJob {
  readonly name: string;
  readonly comment: string;
  /** The label that machines differ in. */
  readonly by: string;
  readonly queries: readonly DiscoveredQuery[];
}

export interface Discovered {
  readonly jobs: readonly DiscoveredJob[];
  /** In words, why metrics are in no job. */
  readonly leftOut: readonly string[];
}

/** More queries than this are more than people choose from; of a larger server `--find` names what matters. */
const MOST_METRICS = 200;
/** Fewer metrics of one prefix are no job of their own. */
const LEAST_OF_A_JOB = 3;
/** Above this a metric is about something finer than machines, and asking for it takes long. */
const MOST_SERIES = 5000;

/**
 * Jobs from what a server holds: ready-made ones for the exporters that are recognised, and of all other metrics those that vary.
 *
 * @param sets whether exporters are recognised; a user who names metrics gets those. @param window of rates.
 */
export function chooseJobs(
  facts: readonly FamilyFacts[],
  { sets, window }: { readonly sets: boolean; readonly window: string },
): Discovered {
  const leftOut: string[] = [];
  const varying = facts.filter(
    ({ varying: count, isMoment, series }) => count > 0 && !isMoment && series <= MOST_SERIES,
  );
  const known = sets ? EXPORTER_SETS.filter(({ markers }) => markers.some((marker) => isThere(marker, facts))) : [];
  const jobs = known.flatMap((set): DiscoveredJob[] => {
    const own = facts.filter(({ family }) => set.owns.test(family.name));
    const by = labelOf(own);
    if (by === undefined) return [];
    const queries = set.queries
      .filter(({ expression }) => metricsIn(expression).every((metric) => hasValues(metric, own)))
      .map(({ name, expression }) => ({ name, expression: written(expression, by, window) }));
    return queries.length === 0 ? [] : [{ name: set.name, comment: set.about, by, queries }];
  });
  const others = varying.filter(({ family }) => !known.some(({ owns }) => owns.test(family.name)));
  const ranked = others.toSorted((a, b) => b.varying - a.varying || (a.family.name < b.family.name ? -1 : 1));
  for (const [prefix, list] of byPrefix(ranked.slice(0, MOST_METRICS))) {
    for (const { by, members } of byLabel(list)) {
      const queries = members.flatMap(({ family, series, labels }) =>
        queriesOf(family, { by, window, isSingle: series <= (labels.get(by) ?? 0) }),
      );
      jobs.push({
        name: prefix,
        comment: `${prefix === "other" ? "other metrics" : `${prefix}_…`} that vary`,
        by,
        queries,
      });
    }
  }
  const still = facts.filter(({ varying: count, series }) => count === 0 && series > 0).length;
  if (still > 0) leftOut.push(`${still} metrics that did not vary in the last hours`);
  for (const { family, series } of facts) {
    if (series > MOST_SERIES) leftOut.push(`${family.name}: it has ${series} series; sum it up in a query of your own`);
  }
  const moments = facts.filter(({ isMoment }) => isMoment).map(({ family }) => family.name);
  if (moments.length > 0) leftOut.push(`points in time: ${moments.join(", ")}`);
  if (ranked.length > MOST_METRICS) {
    leftOut.push(`${ranked.length - MOST_METRICS} more metrics that vary in fewer series; --find chooses by name`);
  }
  return { jobs, leftOut };
}

/** A marker may be an `_info`, which is no family; then another metric of the exporter decides. */
const isThere = (marker: string, facts: readonly FamilyFacts[]) =>
  facts.some(({ family }) => family.name === marker || family.probe === marker) ||
  (marker.endsWith("_build_info") &&
    facts.some(({ family }) => family.name.startsWith(marker.replace(/build_info$/, ""))));

/** Whether the server has values of a metric. In a ready-made set it may stand still: an error that has not happened yet is watched, too. */
const hasValues = (metric: string, facts: readonly FamilyFacts[]) =>
  facts.some(({ family: { name, probe } }) => [name, probe, `${name}_sum`, `${name}_bucket`].includes(metric));

const written = (expression: string, by: string, window: string) =>
  expression.replace(/\bBY\b/g, by).replace(/\bWINDOW\b/g, window);

/** The label of machines of most of the metrics. */
function labelOf(facts: readonly FamilyFacts[]): string | undefined {
  const labels = new Map<string, number>();
  for (const { labels: own } of facts) {
    for (const [label, values] of own) labels.set(label, Math.max(values, labels.get(label) ?? 0));
  }
  return machineLabel(labels);
}

function byLabel(
  facts: readonly FamilyFacts[],
): readonly { readonly by: string; readonly members: readonly FamilyFacts[] }[] {
  const groups = new Map<string, FamilyFacts[]>();
  for (const one of facts) {
    // What has no label of machines is one for all: the job that scrapes it is whose it is.
    const by = machineLabel(one.labels) ?? "job";
    groups.set(by, [...(groups.get(by) ?? []), one]);
  }
  return [...groups].map(([by, members]) => ({ by, members }));
}

/** By the word before the first underscore, which by convention names the exporter. */
function byPrefix(facts: readonly FamilyFacts[]): ReadonlyMap<string, readonly FamilyFacts[]> {
  const groups = new Map<string, FamilyFacts[]>();
  for (const one of facts) {
    const prefix = one.family.name.split(/[_:]/)[0];
    groups.set(prefix, [...(groups.get(prefix) ?? []), one]);
  }
  const small = [...groups].filter(([, list]) => list.length < LEAST_OF_A_JOB);
  for (const [prefix] of small) groups.delete(prefix);
  const other = small.flatMap(([, list]) => list);
  return other.length === 0 ? groups : groups.set("other", [...(groups.get("other") ?? []), ...other]);
}
