/** A deviation that moves with a value, and the size at which it alone is an alarm. */
export interface Moving {
  readonly deviation: number;
  /** How much the deviation moves with the value. */
  readonly slope: number;
  readonly limit: number;
}

/** The ratios as one: their 8-norm. NaN entries are left out; NaN if there is nothing else. */
export function agreement(ratios: ArrayLike<number>): number {
  let sum = 0;
  let known = false;
  for (let i = 0; i < ratios.length; i++) {
    const ratio = ratios[i];
    if (ratio !== ratio) continue;
    known = true;
    const squared = ratio * ratio;
    sum += squared * squared * (squared * squared);
  }
  return known ? Math.sqrt(Math.sqrt(Math.sqrt(sum))) : Number.NaN;
}

/** Halvings that take any span of doubles down to neighbours, or near enough. */
const HALVINGS = 100;

/**
 * The values around the least unusual one at which several deviations together stay below an alarm; null where none does.
 *
 * Their norm is convex in the value, so there is one such range, and its edges are found by halving.
 *
 * @param value the one that the deviations are of.
 */
export function passingRange(value: number, parts: readonly Moving[]): { low: number; high: number } | null {
  const moving = parts.filter(({ deviation, slope, limit }) => Number.isFinite(deviation / slope) && limit > 0);
  if (moving.length === 0) return null;
  const at = (v: number) =>
    agreement(moving.map(({ deviation, slope, limit }) => Math.abs(deviation + slope * (v - value)) / limit));
  const centres = moving.map(({ deviation, slope }) => value - deviation / slope);
  const least = leastOf(at, Math.min(...centres), Math.max(...centres));
  if (!(at(least) < 1)) return null;
  // Beyond the widest limit on either side that part alone is an alarm.
  const reach = Math.max(...moving.map(({ slope, limit }) => limit / slope));
  return {
    low: edge(at, least, Math.min(...centres) - reach),
    high: edge(at, least, Math.max(...centres) + reach),
  };
}

/** How much wider limits are for values above and below what is expected, each at least 1. */
export interface Widened {
  readonly expected: number;
  readonly above: number;
  readonly below: number;
}

/** As `passingRange`, where the limits of values above the expected one are others than of those below. */
export function passingBetween(
  value: number,
  parts: readonly Moving[],
  { expected, above, below }: Widened,
): { low: number; high: number } | null {
  const rangeOf = (times: number) =>
    passingRange(
      value,
      parts.map((part) => ({ ...part, limit: part.limit * times })),
    );
  const [over, under] = [rangeOf(above), rangeOf(below)];
  // A range that does not reach its own side leaves that side to end where the other begins.
  const high = over !== null && over.high > expected ? over.high : Math.min(under?.high ?? Number.NaN, expected);
  const low = under !== null && under.low < expected ? under.low : Math.max(over?.low ?? Number.NaN, expected);
  return low < high ? { low, high } : null;
}

function leastOf(at: (v: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  for (let i = 0; i < HALVINGS; i++) {
    const third = (high - low) / 3;
    if (at(low + third) <= at(high - third)) high -= third;
    else low += third;
  }
  return (low + high) / 2;
}

/** The last value from `inside` towards `outside` that is below 1. */
function edge(at: (v: number) => number, inside: number, outside: number): number {
  let [passes, fails] = [inside, outside];
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (passes + fails) / 2;
    if (at(middle) < 1) passes = middle;
    else fails = middle;
  }
  return passes;
}
