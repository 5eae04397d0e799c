import type { DetectorName } from "../detectors/registry.js";

/** What a series is like, as far as it decides what can be found in it. */
export const TRAITS = ["steady", "noisy", "spiky", "sparse", "constant", "short"] as const;
export type Trait = (typeof TRAITS)[number];

/** Alarms that a series may give on days on which nothing happens. */
export interface AlertBudget {
  readonly episodes: number;
  readonly perMs: number;
}

/** One question about an incident: its shape, and either how long it lasts while it grows in size, or up to where it grows in length. */
export interface CurveEntry {
  readonly name: string;
  readonly grows: "size" | "length";
  /** 0 is one slot. */
  readonly durationMs: number;
}

/** What was measured or, for a series that was not examined itself, taken over from others like it. */
export interface SeriesPower {
  /** Index into the choice's `detectors`. */
  readonly detector: number;
  /** Share (0–1) of incidents of all shapes that the detector finds, sizes and lengths being spread evenly over their ladders. */
  readonly power: number;
  readonly trait: Trait;
  /** Whether the series itself was examined. */
  readonly measured: boolean;
  /** In the metric's unit: what the series usually is, and the spread that sizes are counted in. */
  readonly level: number;
  readonly spread: number;
  /**
   * By curve, the smallest incident of which the choice's `share` is found: in spreads, or in ms where it grows in length; null where
   * none is.
   */
  readonly smallest: readonly (number | null)[];
}

/** Which detector looks at which series, and what it finds there. Part of a model. */
export interface Choice {
  readonly budget: AlertBudget;
  /** Of incidents of the smallest size this share (0–1) is found. */
  readonly share: number;
  readonly detectors: readonly {
    readonly name: DetectorName;
    /** What its scores are divided by, on top of its own threshold, so that all detectors give as few false alarms. */
    readonly divisor: number;
  }[];
  /** Index into `detectors`: for a series that the model does not know. */
  readonly unknown: number;
  readonly curves: readonly CurveEntry[];
  /** In the order of the model's inventory. */
  readonly series: readonly SeriesPower[];
}
