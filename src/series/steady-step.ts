/** As in `measureStep`: an hour of five-minute points, and four fifths of all distances, are no accident of gaps. */
const LEAST_DISTANCES = 12;
const STEADY_SHARE = 0.8;

/**
 * The distance that rising times steadily keep, ms; undefined where there are fewer than 13 of them or no distance makes up
 * four fifths of all. Tells a metric that is reported every 5 minutes from one that is reported every minute with gaps.
 *
 * @example steadyStep(Float64Array.from({ length: 20 }, (_, i) => i * 300_000)) // 300_000
 */
export function steadyStep(times: Float64Array): number | undefined {
  const total = times.length - 1;
  if (total < LEAST_DISTANCES) return undefined;
  // Mostly it is the first one, and there is nothing to count.
  const firstMs = times[1] - times[0];
  let same = 0;
  for (let i = 1; i < times.length; i++) if (times[i] - times[i - 1] === firstMs) same++;
  if (same >= STEADY_SHARE * total) return firstMs;
  const counts = new Map<number, number>();
  for (let i = 1; i < times.length; i++) {
    const apartMs = times[i] - times[i - 1];
    counts.set(apartMs, (counts.get(apartMs) ?? 0) + 1);
  }
  for (const [apartMs, count] of counts) if (count >= STEADY_SHARE * total) return apartMs;
  return undefined;
}
