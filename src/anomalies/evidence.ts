import { emptySlot, type FittedDetector, type SeriesKnowledge } from "../detectors/detector.js";
import type { Explanation } from "../detectors/explanation.js";
import type { AnomalyRecord } from "../records/record.js";
import { formatUtc } from "../time/format.js";
import type { Trace } from "./trace.js";

/**
 * All that a score was made of, beside the model: the values from where the scorer began up to the slot, and how the series is
 * scaled. Numbers are written in full, so that a replay gives the score to the last bit.
 */
export interface Evidence {
  /** Of the record. */
  readonly id: string;
  readonly series: string;
  readonly start: string;
  readonly step_s: number;
  /** As the record names it. */
  readonly detector: string;
  /** What the detector's scores were divided by; null where an older version did not say. */
  readonly threshold_divisor: number | null;
  /** One a slot from `start` on, the last one being the slot of the record; null is a slot without a value. */
  readonly values: readonly (number | null)[];
  readonly profile: SeriesKnowledge;
  readonly score: number;
}

/** @param trace begins with the first slot that the scorer has seen. */
export function evidenceOf(trace: Trace, profile: SeriesKnowledge, record: AnomalyRecord): Evidence {
  const { startMs, stepMs, values, name } = trace.series;
  const slot = Math.round((Date.parse(record.timestamp) - startMs) / stepMs);
  return {
    id: record.id,
    series: name,
    start: formatUtc(startMs),
    step_s: stepMs / 1000,
    detector: record.detector,
    threshold_divisor: record.threshold_divisor,
    values: Array.from(values.subarray(0, slot + 1), (value) => (Number.isFinite(value) ? value : null)),
    profile,
    score: trace.score[slot],
  };
}

/** What the detector says of the slot today. NaN of `score`: it is warming. */
export function replayEvidence(
  { start, step_s, values, profile }: Evidence,
  detector: FittedDetector,
): { readonly score: number; readonly explanation: Explanation } {
  const scorer = detector.open(profile);
  const slot = emptySlot();
  const startMs = Date.parse(start);
  values.forEach((value, i) => {
    scorer.push(startMs + i * step_s * 1000, value ?? Number.NaN, slot);
  });
  return { score: slot.score, explanation: scorer.explain() };
}
