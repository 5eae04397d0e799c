import type { HydratedRecord, RecordContext } from "../records/record.js";

/** One slot of the picture. Null breaks a line. */
export interface EpisodePoint {
  readonly time: number;
  readonly observed: number | null;
  readonly expected: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly lag24: number | null;
  readonly lag72: number | null;
  /** A value without neighbours: a line would not show it. */
  readonly alone: boolean;
  /** Part of the episode. */
  readonly odd: boolean;
  /** Outside of the band; where the window has no band at all, part of the episode. */
  readonly crossing: boolean;
}

export function episodePoints(record: HydratedRecord, context: RecordContext): EpisodePoint[] {
  const stepMs = context.step_s * 1000;
  const startMs = Date.parse(context.start);
  const [from, to] = [Date.parse(record.start), Date.parse(record.end)];
  const { observed, lower, upper } = context;
  const banded = lower.some((value) => value !== null) || upper.some((value) => value !== null);
  return observed.map((value, i) => {
    const time = startMs + i * stepMs;
    // A slot of the picture may stand for several of the data: it belongs to the episode if it shares a moment with it.
    const odd = time < to && time + stepMs > from;
    const outside = value !== null && (value > (upper[i] ?? value) || value < (lower[i] ?? value));
    return {
      time,
      observed: value,
      expected: context.expected[i],
      lower: context.lower[i],
      upper: context.upper[i],
      lag24: context.lag_24h[i],
      lag72: context.lag_72h[i],
      alone: value !== null && (observed[i - 1] ?? null) === null && (observed[i + 1] ?? null) === null,
      odd,
      crossing: banded ? outside : odd && value !== null,
    };
  });
}
