import { seriesKey, type TimeRange } from "../../series/series.js";
import type { Target } from "../source.js";

/** Targets that lack the same stretch of time, so that one request asks for it. */
export interface Gap {
  readonly range: TimeRange;
  readonly targets: readonly Target[];
}

/** Two targets are one if they are written alike and their series get the same labels. */
export const targetKey = ({ expression, labels }: Target) => `${expression}\n${seriesKey(labels)}`;

/**
 * What of a range no piece has, target by target; cut at `bounds`, so that what was fetched before an interruption is kept.
 * In order of time.
 *
 * @param bounds moments at which a stretch is cut, rising: beginnings of months.
 */
export function uncovered(
  targets: readonly Target[],
  range: TimeRange,
  pieces: readonly { readonly range: TimeRange; readonly targets: readonly Target[] }[],
  bounds: readonly number[],
): Gap[] {
  const gaps = new Map<string, { range: TimeRange; targets: Target[] }>();
  const covered = new Map<string, TimeRange[]>();
  for (const piece of pieces) {
    for (const target of piece.targets) {
      const key = targetKey(target);
      covered.set(key, [...(covered.get(key) ?? []), piece.range]);
    }
  }
  for (const target of targets) {
    for (const missing of without(range, covered.get(targetKey(target)) ?? [])) {
      for (const part of cutAt(missing, bounds)) {
        const key = `${part.startMs}/${part.endMs}`;
        const known = gaps.get(key);
        if (known === undefined) gaps.set(key, { range: part, targets: [target] });
        else known.targets.push(target);
      }
    }
  }
  return [...gaps.values()].sort((a, b) => a.range.startMs - b.range.startMs || a.range.endMs - b.range.endMs);
}

/** The stretches of a range that none of the others covers. */
function without(range: TimeRange, others: readonly TimeRange[]): TimeRange[] {
  const left: TimeRange[] = [];
  let fromMs = range.startMs;
  for (const { startMs, endMs } of [...others].sort((a, b) => a.startMs - b.startMs)) {
    if (startMs > fromMs) left.push({ startMs: fromMs, endMs: Math.min(startMs, range.endMs) });
    fromMs = Math.max(fromMs, endMs);
  }
  left.push({ startMs: fromMs, endMs: range.endMs });
  return left.filter(({ startMs, endMs }) => startMs < endMs);
}

function cutAt({ startMs, endMs }: TimeRange, bounds: readonly number[]): TimeRange[] {
  const cuts = [startMs, ...bounds.filter((at) => at > startMs && at < endMs), endMs];
  return cuts.slice(1).map((at, i) => ({ startMs: cuts[i], endMs: at }));
}

/** The beginnings of all months (UTC) within a range. */
export function monthBounds({ startMs, endMs }: TimeRange): number[] {
  const first = new Date(startMs);
  const bounds: number[] = [];
  for (let month = first.getUTCMonth(); ; month++) {
    const at = Date.UTC(first.getUTCFullYear(), month);
    if (at >= endMs) return bounds;
    if (at >= startMs) bounds.push(at);
  }
}
