import { choiceOption, numberOption } from "../options.js";

/** Where the limit of a band lies. */
export interface BandLimits {
  /** How many usual distances from the expected value are an alarm, at the least. */
  readonly k: number;
  /**
   * And no fewer than this many times what ordinary noise of the week reaches: the 99 % quantile of the largest distances of five minutes. Spreads
   * say nothing of tails, and this puts one limit on all series. 0: `k` alone, as a plain k·σ band.
   */
  readonly beyond: number;
}

/** From the fewest alarms to the most. */
export const PRESETS = {
  strict: { k: 4, beyond: 2.6 },
  balanced: { k: 3, beyond: 2 },
  relaxed: { k: 2, beyond: 1.5 },
} as const satisfies Readonly<Record<string, BandLimits>>;

export type Preset = keyof typeof PRESETS;

/** The options that all detectors with a band have. */
export const BAND_OPTIONS = {
  preset: choiceOption<Preset>("how far off is an alarm: strict alarms least, relaxed most", "balanced", [
    "strict",
    "balanced",
    "relaxed",
  ]),
  k: numberOption(
    "usual distances from the expected value that are an alarm, at the least; 0: the preset's",
    0,
    0,
    100,
  ),
  tail: choiceOption("also keep the limit clear of the noise of the past week; off: a plain k-sigma band", "on", [
    "on",
    "off",
  ]),
};

/** The limits that the options come to. */
export function limitsOf({
  preset,
  k,
  tail,
}: {
  readonly preset: Preset;
  readonly k: number;
  readonly tail: "on" | "off";
}): BandLimits {
  const chosen = PRESETS[preset];
  return { k: k > 0 ? k : chosen.k, beyond: tail === "on" ? chosen.beyond : 0 };
}
