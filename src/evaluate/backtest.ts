import { emptyTrace, type Trace, traceSlots } from "../anomalies/trace.js";
import { emptySlot, type SeriesScorer } from "../detectors/detector.js";
import type { Detector } from "../detectors/kind.js";
import { RUN_CAUSES } from "../detectors/rules.js";
import { endMs, type Series, type TimeRange } from "../series/series.js";
import { type BacktestFit, type DetectorFrom, type FittedAt, openFit, pastOf } from "./fitting.js";

/**
 * Scores a history as production would have: slot by slot in time order, each with the detector that was there by then.
 *
 * Where the detector changes, the new one is shown the tail of the past that it needs before it continues; where it stays the
 * same one, its state does. Slots before the first detector are warm-up: their score is NaN.
 *
 * @param detectors rising in `fromMs`; what they were fitted on must have ended by then.
 */
export function backtestSeries(series: Series, detectors: readonly Omit<DetectorFrom, "name">[]): Trace {
  const trace = emptyTrace(series);
  let scorer: SeriesScorer | undefined;
  detectors.forEach((current, k) => {
    const first = slotFrom(series, current.fromMs);
    const last = k + 1 < detectors.length ? slotFrom(series, detectors[k + 1].fromMs) : series.values.length;
    if (k > 0 && current.detector !== detectors[k - 1].detector) scorer = undefined;
    if (first >= last) return;
    scorer ??= warmedUp(series, current, first);
    traceSlots(trace, scorer, first, last);
    if (current.divisor !== 1) divideScores(trace, first, last, current.divisor);
  });
  return trace;
}

/** Moves the threshold of slots `from … until - 1`. The scorer inside continues as ever: its memory knows nothing of it. */
function divideScores(trace: Trace, from: number, until: number, divisor: number): void {
  const { expected, lower, upper, score, cause } = trace;
  for (let i = from; i < until; i++) {
    // How long a silence or a stall may last has nothing to do with sizes.
    if (RUN_CAUSES.includes(cause[i])) continue;
    score[i] /= divisor;
    lower[i] = expected[i] + (lower[i] - expected[i]) * divisor;
    upper[i] = expected[i] + (upper[i] - expected[i]) * divisor;
  }
}

/** The first slot that begins at a moment or later; the number of slots where none does. */
function slotFrom(series: Series, timeMs: number): number {
  if (timeMs <= series.startMs) return 0;
  return Math.min(series.values.length, Math.ceil((timeMs - series.startMs) / series.stepMs));
}

function warmedUp(
  series: Series,
  { detector, known }: Pick<DetectorFrom, "detector" | "known">,
  first: number,
): SeriesScorer {
  const scorer = detector.open(known);
  const slot = emptySlot();
  const from = Math.max(0, first - Math.ceil(detector.historyMs / series.stepMs));
  for (let i = from; i < first; i++) scorer.push(series.startMs + i * series.stepMs, series.values[i], slot);
  return scorer;
}

/**
 * The detectors of one series over time; each opened with nothing but the past of its date.
 *
 * @param detectorOf the detector of a fit.
 */
export function detectorsOf(
  detectorOf: (fit: FittedAt) => Detector,
  fits: readonly FittedAt[],
  series: Series,
  options: Pick<BacktestFit, "timezone"> & { readonly leftOut?: readonly TimeRange[] },
): DetectorFrom[] {
  const detectors: DetectorFrom[] = [];
  const newest = new Map<Detector, DetectorFrom>();
  for (const fit of fits) {
    if (fit.fromMs >= endMs(series)) continue;
    const detector = detectorOf(fit);
    const opened = openFit(detector, fit, pastOf(series, fit.fromMs), options, newest.get(detector));
    newest.set(detector, opened);
    detectors.push(opened);
  }
  return detectors;
}
