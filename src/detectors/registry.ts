import type { FigureLine, Figures } from "./fit.js";
import type { Detector } from "./kind.js";

/**
 * Every detector: a folder, and a line here. Help, choices, model files, backtests and benches read this table; nothing else names one.
 * The code of a detector is loaded where it is used. `rowCost` is what scoring a slot takes, as a multiple of the cheapest: of two that find
 * as much the cheaper is taken.
 */
export const DETECTORS = {
  residual: {
    about: "each series against its own past",
    rowCost: 2,
    load: async (): Promise<Detector> => (await import("./residual/detector.js")).residual,
  },
  family: {
    about: "one forest model for all series together",
    rowCost: 1,
    load: async (): Promise<Detector> => (await import("./family/detector.js")).family as Detector,
  },
} as const;

export type DetectorName = keyof typeof DETECTORS;
export const DETECTOR_NAMES = Object.keys(DETECTORS) as DetectorName[];

/** The one that needs no model, and so is what a first run uses. */
export const WITHOUT_MODEL: DetectorName = "residual";
/** The one that a model is trained for where nothing else is requested; `infer` uses it once there is one. */
export const WITH_MODEL: DetectorName = "family";

/** The one of models and manifests from before they named theirs. */
export const UNNAMED: DetectorName = "family";

export function isDetectorName(name: string): name is DetectorName {
  return Object.hasOwn(DETECTORS, name);
}

/** @throws RangeError for a name that no detector has, as of a record of a newer version. */
export async function loadDetector(name: string): Promise<Detector> {
  if (isDetectorName(name)) return DETECTORS[name].load();
  throw new RangeError(`there is no detector "${name}"; there are ${DETECTOR_NAMES.join(", ")}`);
}

/**
 * The figures of a manifest for people; none where this version knows nothing of the detector.
 *
 * @param name undefined in a manifest from before they named it.
 */
export async function figureLinesOf(name: string | undefined, figures: Figures): Promise<readonly FigureLine[]> {
  const known = name ?? UNNAMED;
  const fit = isDetectorName(known) ? await (await loadDetector(known)).loadFit?.() : undefined;
  return fit?.figureLines(figures) ?? [];
}
