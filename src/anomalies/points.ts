import type { Trace } from "./trace.js";

/** Slots of a series as they were scored; all arrays have one entry a slot, NaN where nothing can be said. */
export interface ScoredPoints {
  readonly startMs: number;
  readonly stepMs: number;
  readonly observed: Float64Array;
  readonly expected: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly score: Float64Array;
}

/** The scores that the group of a series needs beside its values, which are in the series; NaN for none. */
export interface MemberPoints {
  readonly startMs: number;
  readonly stepMs: number;
  /** In single precision, which is more than a group's score needs of them. */
  readonly scores: Float32Array;
}

/** The scores of a trace from a moment on; a copy, so that the rest can be let go. */
export function memberPointsFrom({ series, score }: Pick<Trace, "series" | "score">, fromMs: number): MemberPoints {
  const { startMs, stepMs } = series;
  const first = Math.max(0, Math.min(score.length, Math.ceil((fromMs - startMs) / stepMs)));
  return {
    startMs: startMs + first * stepMs,
    stepMs,
    scores: Float32Array.from(score.subarray(first)),
  };
}

/** The slots of a trace from a moment on; copies, so that the history can be let go. */
export function pointsFrom({ series, expected, lower, upper, score }: Trace, fromMs: number): ScoredPoints {
  const { startMs, stepMs, values } = series;
  const first = Math.max(0, Math.min(score.length, Math.ceil((fromMs - startMs) / stepMs)));
  return {
    startMs: startMs + first * stepMs,
    stepMs,
    observed: values.slice(first, score.length),
    expected: expected.slice(first),
    lower: lower.slice(first),
    upper: upper.slice(first),
    score: score.slice(first),
  };
}
