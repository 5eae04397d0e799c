import type { Series, TimeRange } from "../series/series.js";
import type { Explanation } from "./explanation.js";

/** Which rule gave the score: the reason that an episode names first. */
export type Cause = "none" | "band" | "season" | "shift" | "stall" | "zero" | "silence" | "novelty" | "shape";

/** What a scorer says of one slot; reused between calls, so copy what must be kept. Values are in the metric's unit. */
export interface ScoredSlot {
  /** 1 is the alerting threshold; higher is more anomalous; NaN while `warming`. */
  score: number;
  cause: Cause;
  /** NaN while warming. The band [lower, upper] is where the point score stays below 1. */
  expected: number;
  lower: number;
  upper: number;
  /** Too little past to say anything. Never to be shown as normal. */
  warming: boolean;
}

export function emptySlot(): ScoredSlot {
  return {
    score: Number.NaN,
    cause: "none",
    expected: Number.NaN,
    lower: Number.NaN,
    upper: Number.NaN,
    warming: true,
  };
}

/**
 * The flat state of a scorer: numbers, which are packed where they are kept, or bytes, which are kept as they are. A state is used on
 * the machine that saved it, by the release that saved it.
 */
export type ScorerState = Float64Array | Uint8Array;

/**
 * One series under watch: a causal machine. Slots are pushed in time order without leaving any out (a slot without a
 * value is NaN), and the score of a slot depends on it and on slots before it only. Pushing a whole history or one new slot
 * to a restored state gives the same scores to the last bit, so backtest, replay and live are one.
 */
export interface SeriesScorer {
  push(timeMs: number, value: number, into: ScoredSlot): void;
  /**
   * Lets a slot pass from which nothing is learned, in place of pushing it: time passes, and what is said of later slots does not depend on
   * the value. It is no gap either. @param value only for what is counted from one value to the next.
   */
  pass(timeMs: number, value: number): void;
  /** Why the slot that was pushed last has its score; not part of the state, so it is known only until the next one. */
  explain(): Explanation;
  /** Elements of the state. */
  readonly stateLength: number;
  /** A copy that nothing changes any more. @param spare a state that is not needed any more: it is written into where it is as long. */
  save(spare?: ScorerState): ScorerState;
  /** @throws RangeError if the state is of another kind or length. */
  restore(state: ScorerState): void;
  /**
   * Turns to another series; only `restore` may follow. A detector that offers this spares whoever goes through many series
   * the making of a scorer for each, which takes longer than scoring a few slots.
   */
  turnTo?(known: SeriesKnowledge): void;
}

/** What a detector knows of one series: plain data of its own. Others may only ask what this names. */
export interface SeriesKnowledge {
  /** Slots without a value in a row that are a silence, no more an ordinary gap. */
  readonly silenceSlots: number;
  /** Spans from which nothing is learned (maintenances, holidays), in any order; absent: none. Honoured by `leavingOut`. */
  readonly leftOut?: readonly TimeRange[];
}

/** A detector that was fitted: it can only score. Fitting returns it, so that scoring before fitting cannot compile. */
export interface FittedDetector {
  readonly stepMs: number;
  /** Past that a scorer must see before its scores are those of a scorer that never stopped. */
  readonly historyMs: number;
  /** How much past a series needs before its first score; a guide, because missing values make it longer. */
  readonly warmUpMs: number;
  /** How much history `describe` needs; 0 for a detector that learns of each series as it scores. */
  readonly describesAfterMs: number;
  /** What was learned of the series of this identity (`seriesKey`); undefined for one that it was not fitted on. */
  learnedOf(key: string): SeriesKnowledge | undefined;
  /** What a series says of itself: for one that the detector was not fitted on. */
  describe(series: Series): SeriesKnowledge;
  /** A value that is ordinary for the series, in its unit. */
  usualOf(known: SeriesKnowledge): number;
  /** @param known what this detector has learned or described: no other's. */
  open(known: SeriesKnowledge): SeriesScorer;
}
