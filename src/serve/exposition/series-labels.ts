import type { SeriesIdentity } from "../run/series-now.js";
import { labelName } from "./text.js";

/** Labels of ours, which an inherited label of the same name makes way for, as in a scrape: `job` becomes `exported_job`. */
const OWN = ["job", "for", "status", "severity"];

/** The metric that a finding is about: of PromQL the metric's name or the query's, of Graphite the aggregator. */
export function metricOf({ labels, aggregator, name }: SeriesIdentity): string {
  return labels["query"] ?? labels["__name__"] ?? (aggregator === "" ? name : aggregator);
}

/**
 * The labels that a finding about a series is published under: `job` and `for`, and the series' own. By name, each once.
 */
export function publishedLabels(job: string, identity: SeriesIdentity): ReadonlyMap<string, string> {
  const own = new Map([
    ["job", job],
    ["for", metricOf(identity)],
  ]);
  for (const [name, value] of Object.entries(identity.labels)) {
    if (name === "__name__" || value === "") continue;
    let free = labelName(name);
    while (OWN.includes(free) || own.has(free)) free = `exported_${free}`;
    own.set(free, value);
  }
  return own;
}
