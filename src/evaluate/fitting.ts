import type { FittedDetector, SeriesKnowledge } from "../detectors/detector.js";
import type { Fit } from "../detectors/fit.js";
import { fitHere } from "../detectors/fit-here.js";
import type { Detector } from "../detectors/kind.js";
import { knowledgeWithout, leavingOut } from "../detectors/leaving-out.js";
import type { DetectorName } from "../detectors/registry.js";
import { DEFAULT_THRESHOLD, type Threshold } from "../detectors/threshold.js";
import { InputError } from "../errors/errors.js";
import { createInventory, EMPTY_INVENTORY, type KnownSeries } from "../series/inventory.js";
import type { Series, TimeRange } from "../series/series.js";
import { storeInMemory } from "../shelf/stored-series.js";
import { COUNTED_MS, ownThresholds } from "./own-thresholds.js";

/** What was learned at a moment, from slots that had ended by then: plain data, so that it can be handed to another thread. */
export interface FittedAt {
  readonly fromMs: number;
  /** The detector's own; null where nothing is learned beforehand. */
  readonly learned: unknown;
  /** The series that it speaks of, in its order. */
  readonly series: readonly KnownSeries[];
  /** Where the threshold lies on the detector's scores. */
  readonly divisor: number;
  /** Values from here on were not fitted on; absent where nothing is learned beforehand. */
  readonly heldOutFromMs?: number;
  /** The detector; absent where all fits are of the one that is replayed. */
  readonly detector?: DetectorName;
  /** The series that it looks at, by `seriesKey`. Null or absent: all that no other fit of the same time has. */
  readonly keys?: readonly string[] | null;
}

/** A detector for one series, to be used from a moment on. */
export interface DetectorFrom {
  readonly name: string;
  readonly fromMs: number;
  /** The same one as before continues with its state. */
  readonly detector: FittedDetector;
  readonly known: SeriesKnowledge;
  /** What its scores are divided by; 1 leaves its threshold where it is. */
  readonly divisor: number;
}

export interface BacktestFit {
  readonly timezone: string;
  readonly seed: number;
  /** Undefined: the detector's own default. */
  readonly threshold: Threshold | undefined;
}

/** When to fit, and on what. */
export interface FitSchedule {
  readonly series: readonly Series[];
  /** Rising. What is learned at a time comes from slots that had ended by then. */
  readonly times: readonly number[];
}

/**
 * Fits a detector to the past of all series together, at each time again; times whose past is too little are left out. A detector
 * that learns as it scores is there from the beginning, and only a requested threshold is read from the past, as it is for one whose
 * training does not say where thresholds lie.
 *
 * @param fit what `detector.loadFit` gave; undefined where it has none.
 */
export function* fitsOf(
  detector: Detector,
  fit: Fit | undefined,
  { series, times }: FitSchedule,
  { timezone, seed, threshold }: BacktestFit,
  onProgress?: (done: number, total: number) => void,
): Generator<void, FittedAt[], void> {
  const { divisorOf } = detector;
  if (fit === undefined) {
    const asItIs: FittedAt = { fromMs: Number.NEGATIVE_INFINITY, learned: null, series: [], divisor: 1 };
    if (threshold === undefined) return [asItIs];
    const opened = (stepMs: number) => openUnfitted(detector, stepMs, timezone);
    const divisors = yield* ownThresholds(series, times, opened, threshold, onProgress);
    return [asItIs, ...divisors.map((one) => ({ ...asItIs, ...one }))];
  }
  const fits: FittedAt[] = [];
  for (const [i, fromMs] of times.entries()) {
    onProgress?.(i, times.length);
    const past = series.map((one) => pastOf(one, fromMs)).filter((one) => one.values.length > 0);
    try {
      const course = fit.course(past.map(storeInMemory), { timezone, seed });
      const { learned, inventory, heldOutFromMs } = yield* fitHere(course, fit.openStep);
      const fitted: FittedAt = { fromMs, learned, series: inventory.series, divisor: 1, heldOutFromMs };
      const said = divisorOf(learned, threshold ?? DEFAULT_THRESHOLD);
      const divisor = said ?? (threshold && (yield* ownDivisor(detector, fitted, past, timezone, threshold))) ?? 1;
      fits.push({ ...fitted, divisor });
    } catch (thrown) {
      // Too short, or too few values: the series stay in warm-up until the next date.
      if (!(thrown instanceof InputError)) throw thrown;
    }
  }
  return fits;
}

/** Where a threshold lies on the scores of what was learned, by the newest past; undefined where that does not say. */
function* ownDivisor(
  detector: Detector,
  { learned, series, fromMs }: FittedAt,
  past: readonly Series[],
  timezone: string,
  threshold: Threshold,
): Generator<void, number | undefined, void> {
  const [{ stepMs }] = past;
  const opened = detector.open(learned, createInventory(series), {
    stepMs,
    timezone,
    silenceAfterMs: null,
    divisor: 1,
  });
  const newest = past.map((one) => newestOf(one, fromMs - COUNTED_MS - opened.historyMs));
  const [own] = yield* ownThresholds(newest, [fromMs], () => opened, threshold);
  return own?.divisor;
}

/** The slots that begin at a moment or after it; the values are not copied. */
function newestOf(series: Series, fromMs: number): Series {
  const before = Math.max(0, Math.ceil((fromMs - series.startMs) / series.stepMs));
  return { ...series, startMs: series.startMs + before * series.stepMs, values: series.values.subarray(before) };
}

/** The detector of one series, given what was learned and the past of that series. @param before the one it follows. */
export function openFit(
  detector: Detector,
  { fromMs, learned, series, divisor }: FittedAt,
  past: Series,
  { timezone, leftOut = [] }: Pick<BacktestFit, "timezone"> & { readonly leftOut?: readonly TimeRange[] },
  before?: DetectorFrom,
): DetectorFrom {
  if (learned === null) {
    const opened = before?.detector ?? leavingOut(openUnfitted(detector, past.stepMs, timezone));
    const known = before?.known ?? knowledgeWithout(leftOut, opened, past);
    return { name: detector.name, fromMs, detector: opened, known, divisor };
  }
  const settings = { stepMs: past.stepMs, timezone, silenceAfterMs: null, divisor };
  const opened = leavingOut(detector.open(learned, createInventory(series), settings));
  const known = knowledgeWithout(leftOut, opened, past);
  return { name: detector.name, fromMs, detector: opened, known, divisor: 1 };
}

function openUnfitted(detector: Detector, stepMs: number, timezone: string): FittedDetector {
  return detector.open(null, EMPTY_INVENTORY, { stepMs, timezone, silenceAfterMs: null, divisor: 1 });
}

/** The slots that have ended by a moment; the values are not copied. */
export function pastOf(series: Series, untilMs: number): Series {
  const slots = Math.floor((untilMs - series.startMs) / series.stepMs);
  return { ...series, values: series.values.subarray(0, Math.max(0, Math.min(series.values.length, slots))) };
}

/** The moments of fitting: once the warm-up is over, and then after each interval, while there is something left to score. */
export function fitTimes({ startMs, endMs }: TimeRange, warmUpMs: number, refitMs: number): number[] {
  const times: number[] = [];
  for (let timeMs = startMs + warmUpMs; timeMs < endMs; timeMs += refitMs) times.push(timeMs);
  return times;
}
