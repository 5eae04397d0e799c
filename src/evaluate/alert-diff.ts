import type { AnomalyRecord } from "../records/record.js";
import type { Series } from "../series/series.js";
import { formatUtc } from "../time/format.js";
import type { BacktestInput } from "./backtest-input.js";

/** A stretch of one series in which at least one of several detectors had an episode. */
export interface ComparedAlert {
  readonly series: string;
  readonly start: string;
  /** Exclusive. */
  readonly end: string;
  /** Whether a labelled event lies in it; null where nothing is labelled. */
  readonly labelled: boolean | null;
  /** The highest score of each detector, in their order; null for one that did not alarm. */
  readonly scores: readonly (number | null)[];
}

/** How much two detectors agree, in alerts. */
export interface Agreement {
  readonly both: number;
  readonly onlyFirst: number;
  readonly onlySecond: number;
}

/** What one detector found in all inputs, in the order of the inputs. */
export type FoundBy = readonly (readonly AnomalyRecord[])[];

/**
 * Puts the episodes of several detectors beside each other: episodes of one series that overlap, or are no further apart than `nearMs`, are one
 * alert, whoever found them.
 *
 * @param found for each detector its records by input.
 * @returns alerts by series in the order of the inputs, then by time.
 */
export function compareAlerts(
  inputs: readonly BacktestInput[],
  found: readonly FoundBy[],
  nearMs: number,
): readonly ComparedAlert[] {
  return inputs.flatMap((input, i) => {
    const episodes = found
      .flatMap((byInput, detector) => byInput[i].map((record) => episodeOf(record, detector)))
      .sort((a, b) => a.startMs - b.startMs);
    const alerts: { startMs: number; endMs: number; scores: (number | null)[] }[] = [];
    for (const { startMs, endMs, score, detector } of episodes) {
      let last = alerts.at(-1);
      if (last === undefined || startMs > last.endMs + nearMs) {
        last = { startMs, endMs, scores: found.map(() => null) };
        alerts.push(last);
      }
      last.endMs = Math.max(last.endMs, endMs);
      last.scores[detector] = Math.max(last.scores[detector] ?? 0, score);
    }
    return alerts.map(({ startMs, endMs, scores }) => ({
      series: input.name,
      start: formatUtc(startMs),
      end: formatUtc(endMs),
      labelled: input.label === null ? null : isLabelled(input.series, input.label, startMs - nearMs, endMs),
      scores,
    }));
  });
}

/** @param first, second places of two detectors. */
export function agreement(alerts: readonly ComparedAlert[], first: number, second: number): Agreement {
  const count = (a: boolean, b: boolean) =>
    alerts.filter(({ scores }) => (scores[first] !== null) === a && (scores[second] !== null) === b).length;
  return { both: count(true, true), onlyFirst: count(true, false), onlySecond: count(false, true) };
}

function episodeOf({ start, end, score }: AnomalyRecord, detector: number) {
  return { startMs: Date.parse(start), endMs: Date.parse(end), score, detector };
}

/** Whether a labelled slot begins in `[fromMs, untilMs)`. */
function isLabelled({ startMs, stepMs }: Series, label: Uint8Array, fromMs: number, untilMs: number): boolean {
  const first = Math.max(0, Math.ceil((fromMs - startMs) / stepMs));
  const last = Math.min(label.length, Math.ceil((untilMs - startMs) / stepMs));
  return label.subarray(first, Math.max(first, last)).includes(1);
}
