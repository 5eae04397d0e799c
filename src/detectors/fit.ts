import type { Inventory } from "../series/inventory.js";
import type { TimeRange } from "../series/series.js";
import type { StoredSeries } from "../shelf/stored-series.js";

/**
 * How a detector learns from history: a course of batches, whose parts can be done here (`fitHere`) or by threads (`fitInThreads`).
 * Both give the same to the last bit, for any number of threads: each part is done by itself, and results are taken in the order of
 * the parts.
 */
export interface Fit<Learned = unknown> {
  /** Its parts take so long that a training that was ended should continue where it was: their results are kept on disk. */
  readonly isResumable?: true;
  /**
   * Yields batches of work and continues with their results. It holds no values of the series, so that they may lie in a file.
   *
   * @param history series of one step; NaN is a missing slot. They are not changed.
   * @throws InputError where no series is left, steps differ, the history is too short or holds too few values.
   */
  readonly course: (history: readonly StoredSeries[], options: FitOptions) => Course<Fitted<Learned>>;
  readonly openStep: OpenStep;
  /** The figures of a fit for people: a label and what it says, line by line. */
  readonly figureLines: (figures: Figures) => readonly FigureLine[];
}

export type Course<Result> = Generator<Batch, Result, unknown[]>;

/** Opens a step of a course once with what its parts share; what comes out does a part. All of it is plain data. */
export type OpenStep = (step: string, shared: unknown) => (part: unknown) => unknown;

/** Parts of one step that may be done in any order, or at the same time. */
export interface Batch {
  readonly step: string;
  readonly shared: unknown;
  readonly parts: readonly unknown[];
  /** What is being done, in a word for the progress line. */
  readonly phase: string;
  /** The share (0–1) of the whole fit that is done before and after the batch, as a guess of time. */
  readonly progress: readonly [from: number, until: number];
  /** Hears the result of each part once it is there; whoever does the parts calls it. */
  readonly onPart?: (part: number, result: unknown) => void;
}

export interface FitOptions {
  readonly timezone: string;
  readonly seed: number;
  /** Series with a smaller share (0–1) of valid slots are left out. Default: the detector's own. */
  readonly minCoverage?: number;
  /** Stretches not to learn from, such as incidents. Default: none. */
  readonly exclude?: readonly TimeRange[];
}

/** What a fit comes to: what was learned, and an account of it for manifests and messages. */
export interface Fitted<Learned = unknown> {
  readonly learned: Learned;
  /** The series in the order that `learned` speaks of them. */
  readonly inventory: Inventory;
  readonly stepMs: number;
  readonly range: TimeRange;
  /** Values from here on were not fitted on; at most they say where thresholds lie. */
  readonly heldOutFromMs: number;
  /** Of the values, where the data said it. */
  readonly unit: string | null;
  /** Slots that hold a value, excluded ones not counted. */
  readonly points: number;
  /** Rows that were learned from and checked on, for the pace. */
  readonly rows: number;
  readonly leftOut: readonly LeftOut[];
  /** Found in the history and not learned from. */
  readonly incidents: readonly FoundIncident[];
  /** What shapes the result, for people and for reproducing. */
  readonly options: Readonly<Record<string, string | number | boolean | null>>;
  /** How well it went: the detector's own figures, as a manifest keeps them. */
  readonly figures: Figures;
}

/** JSON. */
export type Figures = Readonly<Record<string, unknown>>;

export type FigureLine = readonly [label: string, text: string];

/** A series that was not learned from. */
export interface LeftOut {
  readonly name: string;
  readonly reason: string;
}

/** A stretch of one series that would have made the detector deaf to similar ones. */
export interface FoundIncident extends TimeRange {
  readonly name: string;
}

/** Tells whoever waits what is being done, and the share (0–1) of the whole fit that is done. */
export type OnFitProgress = (done: number, phase: string) => void;

/** The share of a fit that is done once `parts` parts of a batch are. */
export function doneAfter({ parts: all, progress: [from, until] }: Batch, parts: number): number {
  return parts === all.length ? until : from + ((until - from) * parts) / all.length;
}
