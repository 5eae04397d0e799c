import { contradicts, type DuplicateCounts, type Points } from "./points.js";

export interface MergedPoints extends DuplicateCounts {
  readonly points: Points;
}

/**
 * Several readings of one metric as one, in rising order of time. `parts` are in the order in which they were read:
 * at a time that two of them have, a value beats a missing one, and of two values the one read later stays.
 *
 * Parts that do not overlap are only put one after the other, so a year of daily files costs one copy; overlapping ones
 * are merged in pairs, O(n log parts).
 */
export function mergePoints(parts: readonly Points[]): MergedPoints {
  const filled = parts.filter((part) => part.times.length > 0);
  if (filled.length === 1) return { points: filled[0], equal: 0, conflicting: 0 };
  const byStart = [...filled].sort((a, b) => a.times[0] - b.times[0]);
  const apart = byStart.every((part, i) => i === 0 || part.times[0] > lastOf(byStart[i - 1].times));
  if (apart) return { points: concatenate(byStart), equal: 0, conflicting: 0 };

  let level: MergedPoints[] = filled.map((points) => ({ points, equal: 0, conflicting: 0 }));
  while (level.length > 1) {
    const next: MergedPoints[] = [];
    for (let i = 0; i < level.length; i += 2) {
      next.push(i + 1 < level.length ? mergePair(level[i], level[i + 1]) : level[i]);
    }
    level = next;
  }
  return level[0];
}

const lastOf = (times: Float64Array) => times[times.length - 1];

function concatenate(parts: readonly Points[]): Points {
  const length = parts.reduce((sum, part) => sum + part.times.length, 0);
  const times = new Float64Array(length);
  const values = new Float64Array(length);
  let at = 0;
  for (const part of parts) {
    times.set(part.times, at);
    values.set(part.values, at);
    at += part.times.length;
  }
  return { times, values };
}

function mergePair(earlier: MergedPoints, later: MergedPoints): MergedPoints {
  const a = earlier.points;
  const b = later.points;
  const times = new Float64Array(a.times.length + b.times.length);
  const values = new Float64Array(times.length);
  let equal = earlier.equal + later.equal;
  let conflicting = earlier.conflicting + later.conflicting;
  let n = 0;
  let i = 0;
  let j = 0;
  while (i < a.times.length || j < b.times.length) {
    const aTime = i < a.times.length ? a.times[i] : Number.POSITIVE_INFINITY;
    const bTime = j < b.times.length ? b.times[j] : Number.POSITIVE_INFINITY;
    times[n] = Math.min(aTime, bTime);
    if (aTime < bTime) values[n] = a.values[i++];
    else if (bTime < aTime) values[n] = b.values[j++];
    else {
      if (contradicts(a.values[i], b.values[j])) conflicting++;
      else equal++;
      values[n] = b.values[j] === b.values[j] ? b.values[j] : a.values[i];
      i++;
      j++;
    }
    n++;
  }
  return { points: { times: times.slice(0, n), values: values.slice(0, n) }, equal, conflicting };
}
