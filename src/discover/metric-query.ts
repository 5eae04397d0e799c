import type { MetricFamily } from "./metric-family.js";

/** A query and the name that its series are known by. */
export interface DiscoveredQuery {
  readonly name: string;
  readonly expression: string;
}

/** The quantile of histograms: what the slowest hundredth of requests sees, as dashboards show it. */
const QUANTILE = 0.99;

/**
 * What is worth watching of a family, for each machine: the rate of a counter, the 99th percentile of a histogram and how much there
 * was of it, the mean of a summary, a gauge as it is or, where a machine has several, their mean.
 *
 * @param by the label that machines differ in. @param window of rates, such as `5m`. @param isSingle whether each machine has one series.
 */
export function queriesOf(
  { name, type }: MetricFamily,
  { by, window, isSingle }: { readonly by: string; readonly window: string; readonly isSingle: boolean },
): readonly DiscoveredQuery[] {
  const rate = (metric: string) => `sum by (${by}) (rate(${metric}[${window}]))`;
  switch (type) {
    case "counter":
      return [{ name: `${name.replace(/_total$/, "")}_rate`, expression: rate(name) }];
    case "histogram":
      return [
        {
          name: `${name}_p99`,
          expression: `histogram_quantile(${QUANTILE}, sum by (${by}, le) (rate(${name}_bucket[${window}])))`,
        },
        { name: `${name}_rate`, expression: rate(`${name}_count`) },
      ];
    case "summary":
      return [
        { name: `${name}_mean`, expression: `${rate(`${name}_sum`)} / ${rate(`${name}_count`)}` },
        { name: `${name}_rate`, expression: rate(`${name}_count`) },
      ];
    case "gauge":
      return [{ name, expression: `${isSingle ? "max" : "avg"} by (${by}) (${name})` }];
  }
}
