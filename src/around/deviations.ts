import { quantile } from "../math/quantile.js";
import { smallMedian } from "../math/small-median.js";

/** Parts of a stretch whose medians make the shape of a day: a quarter of an hour each for two hours with four before. */
const BLOCKS = 24;
/** A median of fewer values follows single ones. */
const LEAST_BLOCK = 3;
/** A day whose stretch has values in a smaller share of its slots says nothing of the others. */
const LEAST_COVERAGE = 0.25;
/** More values than this do not move a median by much. */
const SAMPLED = 128;

const WEEK_DAYS = 7;

/** How far a series was from what its own other days say, day by day. */
export interface Deviations {
  /** Of the usable days, the stretch that is looked at first; in the series' unit. NaN where a value is missing. */
  readonly days: readonly Float64Array[];
  /** How many days before each of them was; 0 for the first. */
  readonly daysBefore: readonly number[];
  /** The stretch that is looked at against the same weekday a week before alone; absent where that is not usable. */
  readonly byWeekday?: Float64Array;
  /** What was expected in the stretch that is looked at. */
  readonly expected: Float64Array;
}

/**
 * Compares each day with its own level in the lead and with the shape of the others: the median over the other reference days,
 * block by block, each less its own level. A day is never compared with itself, and none with the one that is looked at, so
 * what is replayed on an earlier day is what would have been found then.
 *
 * @param days as in `Stretches`, on one grid.
 * @returns undefined with fewer than `leastDays` usable days of reference, or without values in the lead to be compared with.
 */
export function deviations(days: readonly Float64Array[], lead: number, leastDays: number): Deviations | undefined {
  const [current, ...earlier] = days;
  const isUsable = (values: Float64Array) => covered(values) >= LEAST_COVERAGE && hasValue(values, lead);
  const daysBefore = [0, ...earlier.flatMap((values, i) => (isUsable(values) ? [i + 1] : []))];
  if (daysBefore.length <= leastDays || !hasValue(current, lead)) return undefined;
  const all = daysBefore.map((before) => days[before]);
  const levels = all.map((values) => levelOf(values, lead));
  const length = current.length;
  const block = Math.max(LEAST_BLOCK, Math.ceil(length / BLOCKS));
  const count = Math.ceil(length / block);
  const shapes = all.map((values, d) => blockMedians(values, block, count, levels[d]));
  const scratch = new Float64Array(all.length);
  const expectedOf = (day: number) => {
    const shape = new Float64Array(count);
    for (let b = 0; b < count; b++) {
      let n = 0;
      for (let other = 1; other < all.length; other++) {
        if (other !== day && shapes[other][b] === shapes[other][b]) scratch[n++] = shapes[other][b];
      }
      // Where no other day has values, the level is all that is known.
      shape[b] = n === 0 ? 0 : smallMedian(scratch, n);
    }
    return along(shape, block, length, levels[day]);
  };
  const expected = expectedOf(0);
  const weekday = daysBefore.indexOf(WEEK_DAYS);
  const less = (values: Float64Array, of: Float64Array) => values.map((value, i) => value - of[i]);
  return {
    expected,
    daysBefore,
    days: all.map((values, d) => less(values, d === 0 ? expected : expectedOf(d))),
    ...(weekday > 0 && {
      byWeekday: less(
        current,
        along(
          shapes[weekday].map((value) => (value === value ? value : 0)),
          block,
          length,
          levels[0],
        ),
      ),
    }),
  };
}

function covered(values: Float64Array): number {
  let n = 0;
  for (const value of values) if (value === value) n++;
  return n / values.length;
}

function hasValue(values: Float64Array, until: number): boolean {
  for (let i = 0; i < until; i++) if (values[i] === values[i]) return true;
  return false;
}

function levelOf(values: Float64Array, lead: number): number {
  const stride = Math.max(1, Math.floor(lead / SAMPLED));
  if (stride === 1) return quantile(values.subarray(0, lead), 0.5);
  const some = new Float64Array(Math.ceil(lead / stride));
  for (let i = 0; i < some.length; i++) some[i] = values[i * stride];
  const level = quantile(some, 0.5);
  return level === level ? level : quantile(values.subarray(0, lead), 0.5);
}

function blockMedians(values: Float64Array, block: number, count: number, level: number): Float64Array {
  const out = new Float64Array(count);
  const scratch = new Float64Array(block);
  for (let b = 0; b < count; b++) {
    let n = 0;
    for (let i = b * block; i < Math.min(values.length, (b + 1) * block); i++) {
      if (values[i] === values[i]) scratch[n++] = values[i];
    }
    out[b] = smallMedian(scratch, n) - level;
  }
  return out;
}

/** The shape slot by slot: straight lines between the middles of the blocks. */
function along(shape: Float64Array, block: number, length: number, level: number): Float64Array {
  const out = new Float64Array(length);
  const last = shape.length - 1;
  for (let i = 0; i < length; i++) {
    const at = Math.min(last, Math.max(0, (i + 0.5) / block - 0.5));
    const b = Math.min(last, Math.floor(at));
    const next = Math.min(last, b + 1);
    out[i] = level + shape[b] + (shape[next] - shape[b]) * (at - b);
  }
  return out;
}
