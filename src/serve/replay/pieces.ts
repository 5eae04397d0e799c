import type { SeriesPoints } from "../../runs/find-anomalies.js";
import { seriesKey, type TimeRange } from "../../series/series.js";
import { HOUR_MS } from "../../time/duration.js";

/**
 * Scored slots are kept in pieces of this length, at multiples of it since 1970: a graph that moves on by a minute needs only its newest
 * piece again. A replay begins early enough for its scores to be those of a scorer that never stopped, so pieces fit each other to
 * the bit.
 */
export const PIECE_MS = 6 * HOUR_MS;

/** The pieces that a range touches, by their begin. */
export function piecesOf({ startMs, endMs }: TimeRange): readonly number[] {
  const pieces: number[] = [];
  for (let at = Math.floor(startMs / PIECE_MS) * PIECE_MS; at < endMs; at += PIECE_MS) pieces.push(at);
  return pieces;
}

/** The slots that begin within a piece. */
export function slotsWithin(points: SeriesPoints, { startMs, endMs }: TimeRange): SeriesPoints {
  const { stepMs } = points;
  const count = points.score.length;
  const first = Math.min(count, Math.max(0, Math.ceil((startMs - points.startMs) / stepMs)));
  const last = Math.min(count, Math.max(first, Math.ceil((endMs - points.startMs) / stepMs)));
  return {
    ...points,
    startMs: points.startMs + first * stepMs,
    observed: points.observed.slice(first, last),
    expected: points.expected.slice(first, last),
    lower: points.lower.slice(first, last),
    upper: points.upper.slice(first, last),
    score: points.score.slice(first, last),
  };
}

/** One series out of its pieces, which come in order of time; a slot that none of them has is NaN. */
export function joinPieces(pieces: readonly (readonly SeriesPoints[])[]): readonly SeriesPoints[] {
  const byKey = new Map<string, SeriesPoints[]>();
  for (const one of pieces.flat()) {
    if (one.score.length === 0) continue;
    const key = `${one.name}\n${seriesKey(one.labels)}`;
    byKey.set(key, [...(byKey.get(key) ?? []), one]);
  }
  return [...byKey.values()].map(joined);
}

function joined(parts: readonly SeriesPoints[]): SeriesPoints {
  const [first] = parts;
  const last = parts[parts.length - 1];
  const slots = Math.round((last.startMs - first.startMs) / first.stepMs) + last.score.length;
  const whole = (of: (part: SeriesPoints) => Float64Array) => {
    const values = new Float64Array(slots).fill(Number.NaN);
    for (const part of parts) values.set(of(part), Math.round((part.startMs - first.startMs) / first.stepMs));
    return values;
  };
  return {
    ...first,
    observed: whole((part) => part.observed),
    expected: whole((part) => part.expected),
    lower: whole((part) => part.lower),
    upper: whole((part) => part.upper),
    score: whole((part) => part.score),
  };
}

export function bytesOf(points: readonly SeriesPoints[]): number {
  return points.reduce(
    (sum, { score, name, labels }) => sum + 5 * 8 * score.length + 2 * (name.length + seriesKey(labels).length),
    0,
  );
}
