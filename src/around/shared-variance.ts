import { quantileSorted } from "../math/quantile.js";
import { normal, seededRandom } from "../math/random.js";
import { MAD_TO_SIGMA } from "../math/robust-scale.js";
import { smallMedian } from "../math/small-median.js";

/** The variance that series share, and how much it is worth beside what a series' own days say. */
export interface SharedVariance {
  readonly variance: number;
  /** Degrees of freedom, to be compared with `degreesOfMad`. */
  readonly degrees: number;
}

/** With fewer series the spread of their variances is not known. */
const LEAST_SERIES = 100;
/** Of so few series: as much as half a week of a series' own days. */
const FEW_DEGREES = 1.5;
/** Standard error of the squared spread for a thousand series: differences below it are none. */
const LEAST_EXCESS = 0.05;
/** Quartiles of the standard normal, squared. */
const QUARTILES_TO_VARIANCE = 1 / 1.3489795003921634 ** 2;

/**
 * How much the variances of series differ beyond what so few days make them differ by chance: series that all vary alike say a
 * lot about one another, and those that vary each in its own way nothing.
 *
 * By the moments of log variances; quartiles instead of moments, because some of the days hold incidents.
 * Source: Smyth, "Linear models and empirical Bayes methods …", Statistical Applications in Genetics and Molecular Biology 3 (2004), section 6.2.
 *
 * @param variances by the MAD of `days` figures each; those that are 0 are skipped.
 */
export function sharedVariance(variances: readonly number[], days: number): SharedVariance {
  const logs = Float64Array.from(variances.filter((variance) => variance > 0).map(Math.log)).sort();
  if (logs.length === 0) return { variance: 1, degrees: FEW_DEGREES };
  const variance = Math.exp(quantileSorted(logs, 0.5));
  if (logs.length < LEAST_SERIES) return { variance, degrees: FEW_DEGREES };
  return { variance, degrees: degreesOf(Math.max(LEAST_EXCESS, squaredSpread(logs) - spreadByChance(days))) };
}

/** What the MAD of so many days is worth, in degrees of freedom. */
export function degreesOfMad(days: number): number {
  return degreesOf(spreadByChance(days));
}

/**
 * Degrees of freedom of a variance whose log has this variance: the inverse of ψ′(degrees / 2), by the first two terms of its
 * asymptotic series, 1/x + 1/(2x²).
 */
function degreesOf(ofLog: number): number {
  return (1 + Math.sqrt(1 + 2 * ofLog)) / ofLog;
}

const DRAWS = 4000;
const known = new Map<number, number>();

/** The squared spread of the log variances of normal figures that all vary alike: drawn, because a MAD of a few has no closed form. */
function spreadByChance(days: number): number {
  const before = known.get(days);
  if (before !== undefined) return before;
  const random = seededRandom(days);
  const scratch = new Float64Array(days);
  const logs = new Float64Array(DRAWS);
  for (let i = 0; i < DRAWS; i++) {
    for (let d = 0; d < days; d++) scratch[d] = normal(random);
    logs[i] = Math.log(madVariance(scratch, days).variance);
  }
  const spread = squaredSpread(logs.sort());
  known.set(days, spread);
  return spread;
}

function squaredSpread(sorted: Float64Array): number {
  return (quantileSorted(sorted, 0.75) - quantileSorted(sorted, 0.25)) ** 2 * QUARTILES_TO_VARIANCE;
}

/** The median of the first `n` figures and the variance that their MAD says; changes `figures`. */
export function madVariance(figures: Float64Array, n: number): { readonly centre: number; readonly variance: number } {
  const centre = smallMedian(figures, n);
  for (let i = 0; i < n; i++) figures[i] = Math.abs(figures[i] - centre);
  return { centre, variance: (MAD_TO_SIGMA * smallMedian(figures, n)) ** 2 };
}
