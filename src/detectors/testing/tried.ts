import { DETECTOR_NAMES, rowCostOf } from "../registry.js";

/** A slot of these costs this many times that of the cheapest: they refit. */
const DEAR = 10;
const BOOSTED_OF_ALL = "boosted:scope=family";

/** What a model must be trained for, beside the forest, so that all of them can be tried. */
export const TRAINED = `lstm,${BOOSTED_OF_ALL}`;

/** All detectors as tests of whole commands try them: those that refit do so once a week, which is the same code in a seventh of the time. */
export function triedDetectors(): readonly string[] {
  return [...DETECTOR_NAMES.map((name) => (rowCostOf(name) >= DEAR ? `${name}:refit=7d` : name)), BOOSTED_OF_ALL];
}
