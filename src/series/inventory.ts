import { type Labels, seriesKey } from "./series.js";

/** A series that something was made of, and that can be expected to be there. */
export interface KnownSeries {
  readonly name: string;
  readonly labels: Labels;
}

/** The series that a model was made of, found by their identity without going through all of them. */
export interface Inventory {
  readonly series: readonly KnownSeries[];
  /** The place of a series, by `seriesKey` of its labels; undefined for one that is not known. */
  readonly indexOf: (key: string) => number | undefined;
}

/** @example createInventory([{ name: "n1.a", labels: { machine: "n1" } }]).indexOf(seriesKey({ machine: "n1" })) // 0 */
export function createInventory(series: readonly KnownSeries[]): Inventory {
  let places: ReadonlyMap<string, number> | undefined;
  return {
    series,
    indexOf: (key) => {
      // Looking at one series of a large model needs no index of all.
      places ??= new Map(series.map(({ labels }, i) => [seriesKey(labels), i]));
      return places.get(key);
    },
  };
}

export const EMPTY_INVENTORY: Inventory = createInventory([]);
