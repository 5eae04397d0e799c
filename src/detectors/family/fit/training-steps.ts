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

export type TrainPhase = "sampling" | "growing" | "calibrating";

/** Parts of one step that may be done in any order, or at the same time. */
export interface Batch {
  readonly step: StepName;
  readonly shared: unknown;
  readonly parts: readonly unknown[];
  readonly phase: TrainPhase;
  /** The share of the phase that is done before and after the batch. */
  readonly progress: readonly [from: number, until: number];
}

/** Opens a step whose kind is only known as data. */
export function openStep(step: StepName, shared: unknown): (part: unknown) => unknown {
  return (STEPS[step] as (shared: unknown) => (part: unknown) => unknown)(shared);
}

/** What a course of training asks for is done by whoever drives it; it continues with the results, in the order of the parts. */
export function* ask<S extends StepName>(
  step: S,
  shared: SharedOf<S>,
  parts: readonly PartOf<S>[],
  phase: TrainPhase,
  progress: readonly [number, number] = [0, 1],
): Generator<Batch, ResultOf<S>[], unknown[]> {
  return (yield { step, shared, parts, phase, progress }) as ResultOf<S>[];
}
