import type { Labels } from "../../series/series.js";
import type { ReplySeries } from "../reply-series.js";
import type { Target } from "../source.js";

/** Labels that say which machine a series is of, the likeliest first. */
const MACHINE_LABELS = ["machine", "instance", "host", "hostname", "node", "pod"];
const AGGREGATOR_LABELS = ["aggregator", "__name__"];

/**
 * All labels of the reply, with `machine` and `aggregator` beside them; undefined where the target means another series.
 *
 * @param renamed which label of the reply `machine`, `aggregator` or any other is taken from: `{ machine: "instance" }`.
 */
export function promqlLabels(
  { labels: own = {}, name }: ReplySeries,
  target: Target,
  renamed: Labels,
): { readonly labels: Labels } | undefined {
  const taken = Object.fromEntries(
    Object.entries(renamed).flatMap(([label, from]) => (own[from] === undefined ? [] : [[label, own[from]]])),
  );
  const first = (names: readonly string[]) => names.map((label) => own[label]).find((value) => value !== undefined);
  const labels: Labels = {
    ...own,
    machine: first(MACHINE_LABELS) ?? target.labels["machine"] ?? name,
    aggregator: first(AGGREGATOR_LABELS) ?? target.labels["aggregator"] ?? "value",
    ...taken,
  };
  // One expression gives many series; a target that was found by its labels means the one that has them.
  const means = Object.entries(target.labels).every(
    ([label, value]) => labels[label] === undefined || labels[label] === value,
  );
  return means ? { labels: { ...target.labels, ...labels } } : undefined;
}
