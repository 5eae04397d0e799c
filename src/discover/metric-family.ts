export type MetricType = "counter" | "gauge" | "histogram" | "summary";

/** Metrics that are one measurement: a histogram's `_bucket`, `_sum` and `_count` are one family. */
export interface MetricFamily {
  /** Without the endings of its parts. */
  readonly name: string;
  readonly type: MetricType;
  /** The metric by which it shows whether anything changes. */
  readonly probe: string;
}

/** What a metric is called that says what something is, not how it is doing. */
const DESCRIBES = /(_info|_created)$/;

/**
 * Metric names as families. The types that the server knows decide; where it knows none, the endings that the conventions
 * of Prometheus give: `_total`, `_bucket`, `_sum` with `_count`.
 *
 * @param types of `GET /api/v1/metadata`, by the name that the exporter gave.
 * @see https://prometheus.io/docs/practices/naming/
 */
export function metricFamilies(names: readonly string[], types: ReadonlyMap<string, string>): readonly MetricFamily[] {
  const there = new Set(names);
  const families = new Map<string, MetricFamily>();
  for (const name of names) {
    if (DESCRIBES.test(name)) continue;
    const family = familyOf(name, types, there);
    if (family !== undefined && !families.has(family.name)) families.set(family.name, family);
  }
  return [...families.values()];
}

function familyOf(
  name: string,
  types: ReadonlyMap<string, string>,
  there: ReadonlySet<string>,
): MetricFamily | undefined {
  const base = name.replace(/_(bucket|sum|count)$/, "");
  const known = types.get(name) ?? types.get(base);
  const hasParts = there.has(`${base}_count`) && there.has(`${base}_sum`);
  if (known === "histogram" || known === "summary" || (known === undefined && hasParts)) {
    // A summary without observations has no count to go by; the parts alone are no measurement.
    if (!hasParts) return undefined;
    const type = there.has(`${base}_bucket`) ? "histogram" : "summary";
    return { name: base, type, probe: `${base}_count` };
  }
  const isCounter = known === "counter" || types.get(name.replace(/_total$/, "")) === "counter";
  const looksLikeOne = known !== "gauge" && /_total$|_count$|_sum$|_bucket$/.test(name);
  return { name, type: isCounter || looksLikeOne ? "counter" : "gauge", probe: name };
}
