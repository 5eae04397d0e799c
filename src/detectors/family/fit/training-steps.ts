import type { Batch, OpenStep } from "../../fit.js";
import { openDistances, openScores } from "./calibrate.js";
import { openBin, openGrow } from "./grow-parts.js";
import { openLearn } from "./learn-series.js";

/**
 * The steps of a training that can be done in parts, each part by itself. A step is opened once with what all of its parts
 * share and gives the function that does a part; what goes in and comes out is plain data.
 */
export const STEPS = {
  learn: openLearn,
  bin: openBin,
  grow: openGrow,
  distances: openDistances,
  scores: openScores,
} as const;

export type StepName = keyof typeof STEPS;
export type SharedOf<S extends StepName> = Parameters<(typeof STEPS)[S]>[0];
export type PartOf<S extends StepName> = Parameters<ReturnType<(typeof STEPS)[S]>>[0];
export type ResultOf<S extends StepName> = ReturnType<ReturnType<(typeof STEPS)[S]>>;

/** Shares of the time that the phases take, measured on 600 series of half a year; only the progress line uses them. */
const PHASES = {
  sampling: [0, 0.3],
  growing: [0.3, 0.55],
  calibrating: [0.55, 1],
} as const;
export type TrainPhase = keyof typeof PHASES;

/** Opens a step whose kind is only known as data. */
export const openStep: OpenStep = (step, shared) =>
  (STEPS[step as StepName] as (shared: unknown) => (part: unknown) => unknown)(shared);

/**
 * What a course of training asks for is done by whoever drives it; it continues with the results, in the order of the parts.
 * `before` and `after` say how much of the phase is done.
 */
export function* ask<S extends StepName>(
  step: S,
  shared: SharedOf<S>,
  parts: readonly PartOf<S>[],
  phase: TrainPhase,
  [before, after]: readonly [number, number] = [0, 1],
): Generator<Batch, ResultOf<S>[], unknown[]> {
  const [from, until] = PHASES[phase];
  const at = (share: number) => from + (until - from) * share;
  return (yield { step, shared, parts, phase, progress: [at(before), at(after)] }) as ResultOf<S>[];
}
