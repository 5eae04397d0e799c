import { type Labels, seriesKey } from "./series.js";

interface Labelled {
  readonly labels: Labels;
}

/** An index lives as long as the list that it is of. */
const indexes = new WeakMap<readonly Labelled[], ReadonlyMap<string, Labelled>>();

/**
 * The series with exactly these labels, the first of several. The first look-up in a list reads all of it and keeps an index;
 * a list that was looked into must therefore not be changed.
 */
export function findByLabels<T extends Labelled>(series: readonly T[], labels: Labels): T | undefined {
  let index = indexes.get(series) as ReadonlyMap<string, T> | undefined;
  if (index === undefined) {
    // From the last to the first, so that of equals the first stays.
    index = new Map(series.toReversed().map((one) => [seriesKey(one.labels), one]));
    indexes.set(series, index);
  }
  return index.get(seriesKey(labels));
}
