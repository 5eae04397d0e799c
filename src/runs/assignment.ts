import { DETECTOR_NAMES, type DetectorName, WITHOUT_MODEL } from "../detectors/registry.js";
import type { LoadedModel } from "../model/folder.js";

/** The detector of a job: a certain one, or for each series the one with the most power. */
export type DetectorChoice = DetectorName | "auto";

/** One detector of a run, and the series that it looks at. */
export interface Assignment {
  readonly detector: DetectorName;
  /** What its scores are divided by where no threshold was requested, to keep to the alert budget; 1: as they are. */
  readonly divisor: number;
  /** By `seriesKey`. */
  readonly looksAt: (key: string) => boolean;
}

/**
 * Who looks at what. A named detector looks at everything. `auto` follows the model's choice; a series that the model does not know is
 * taken to be like most of those that it does. A model without a choice has one detector, and without a model there is one only.
 */
export function assignmentsOf(choice: DetectorChoice, loaded: LoadedModel | undefined): readonly Assignment[] {
  const everything = (detector: DetectorName): readonly Assignment[] => [{ detector, divisor: 1, looksAt: () => true }];
  if (choice !== "auto") return everything(choice);
  if (loaded === undefined) return everything(WITHOUT_MODEL);
  const { inventory, sections, choice: chosen } = loaded.model;
  if (chosen === undefined) {
    return everything(DETECTOR_NAMES.find((name) => Object.hasOwn(sections, name)) ?? WITHOUT_MODEL);
  }
  const detectorOf = (key: string) => {
    const place = inventory.indexOf(key);
    return place === undefined ? chosen.unknown : chosen.series[place].detector;
  };
  const used = new Set([...chosen.series.map(({ detector }) => detector), chosen.unknown]);
  return chosen.detectors.flatMap(({ name, divisor }, place) =>
    used.has(place) ? [{ detector: name, divisor, looksAt: (key: string) => detectorOf(key) === place }] : [],
  );
}
