import { HOUR_MS } from "../time/duration.js";

/** What a person may ask of an alarm beyond the model's threshold. Values and deviations are in the metric's unit. */
export interface Knobs {
  readonly direction: "up" | "down" | "both";
  /** Least |observed − expected|. */
  readonly minDeviation: number;
  /** Least |observed − expected| as a share of |expected|. */
  readonly minRelativeDeviation: number;
  /** Observed or expected value must reach this, so that ripples near zero never page. */
  readonly floor: number;
  /** Shorter episodes are dropped. */
  readonly minDurationMs: number;
  /** Alarms separated by no more than this are one episode. */
  readonly mergeGapMs: number;
  /** No value for this long is a silence, whatever the series' own gaps were like. Null: learned from the history. */
  readonly silenceAfterMs: number | null;
  /** Milliseconds in one unit of a metric that is itself a lag; turns the 24 h and 72 h levels on. Null: not a lag. */
  readonly latenessUnitMs: number | null;
  /** What to do with series the model was not trained on. */
  readonly unknown: "score" | "skip";
}

export const DEFAULT_KNOBS: Knobs = {
  direction: "both",
  minDeviation: 0,
  minRelativeDeviation: 0,
  floor: 0,
  minDurationMs: 0,
  mergeGapMs: HOUR_MS,
  silenceAfterMs: null,
  latenessUnitMs: null,
  unknown: "score",
};
