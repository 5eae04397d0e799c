/** The part of the value axis that is shown, `low` < `high`. */
export interface ValueDomain {
  readonly low: number;
  readonly high: number;
}

/** Zero belongs to the picture if the lowest value is less than this share of the highest: then the height is telling. */
const NEAR_ZERO = 0.4;
const PAD_HIGH = 0.12;
const PAD_LOW = 0.06;

/**
 * Which values an axis shows. The observed values are always inside; what they are compared with (band, values of the days
 * before) is shown as far as one height of the observed beyond them, so that a band ten times as wide does not make a
 * flat line of the data. NaN and null are skipped; without any value the axis goes from 0 to 1.
 */
export function valueDomain(observed: readonly (number | null)[], compared: readonly (number | null)[]): ValueDomain {
  const known = finite(observed);
  const others = finite(compared);
  if (known.length === 0 && others.length === 0) return { low: 0, high: 1 };
  let [low, high] = extent(known.length > 0 ? known : others);
  const reach = high > low ? high - low : Number.POSITIVE_INFINITY;
  const [otherLow, otherHigh] = others.length > 0 ? extent(others) : [low, high];
  const positive = low >= 0;
  [low, high] = [Math.max(Math.min(low, otherLow), low - reach), Math.min(Math.max(high, otherHigh), high + reach)];
  // A lower bound under zero of a metric that is never negative says no more than zero does.
  if (positive) low = Math.max(low, 0);
  if (low > 0 && low < NEAR_ZERO * high) low = 0;
  if (high < 0 && high > NEAR_ZERO * low) high = 0;
  if (low === high) {
    const half = low === 0 ? 1 : Math.abs(low) * 0.5;
    return low === 0 ? { low: 0, high: 1 } : { low: low - half, high: high + half };
  }
  const height = high - low;
  return { low: low === 0 ? 0 : low - PAD_LOW * height, high: high === 0 ? 0 : high + PAD_HIGH * height };
}

function finite(values: readonly (number | null)[]): number[] {
  return values.filter((value): value is number => value !== null && Number.isFinite(value));
}

function extent(values: readonly number[]): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}
