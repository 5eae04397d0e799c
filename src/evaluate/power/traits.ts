import { quantileSorted, sortedFinite } from "../../math/quantile.js";
import { robustScale } from "../../math/robust-scale.js";
import type { Trait } from "../../model/choice.js";
import { coverage } from "../../series/series.js";

/** What a series is like, and what sizes are counted in. */
export interface Character {
  readonly trait: Exclude<Trait, "short">;
  /** In the metric's unit. */
  readonly level: number;
  readonly spread: number;
}

/** A share of values that equal the one before, from which on a change is the exception. */
const CONSTANT_SHARE = 0.95;
/** Below this share of slots with a value, or of values that are not zero, most of what happens is not seen. */
const SPARSE_SHARE = 0.5;
/** One value in a thousand lies this many spreads from the middle: ordinary peaks hide incidents. */
const SPIKY_QUANTILE = 0.999;
const SPIKY_SPREADS = 10;
/** Typical steps this large beside the spread: each value says next to nothing of the one after it. */
const NOISY_STEP = 0.8;
/** A spread that is less than this share of the level is rounding. */
const LEAST_SPREAD = 1e-9;

/** Describes the values of a series; NaN is a missing one. */
export function characterOf(values: Float64Array): Character {
  const present = values.filter((value) => value === value);
  const scale = robustScale(present);
  const level = present.length === 0 ? 0 : scale.location;
  // A constant series has no spread: a hundredth of its level is what people would see.
  const spread = scale.spread > LEAST_SPREAD * Math.abs(level) ? scale.spread : Math.abs(level) / 100 || 1;
  return { trait: traitOf(values, present, { level, spread }), level, spread };
}

function traitOf(
  values: Float64Array,
  present: Float64Array,
  { level, spread }: { readonly level: number; readonly spread: number },
): Character["trait"] {
  const steps = present.subarray(1).map((value, i) => Math.abs(value - present[i]));
  const share = (of: Float64Array) => of.length / Math.max(1, present.length);
  if (share(steps.filter((step) => step === 0)) >= CONSTANT_SHARE) return "constant";
  if (coverage(values) < SPARSE_SHARE || share(present.filter((value) => value === 0)) > SPARSE_SHARE) return "sparse";
  const away = sortedFinite(present.map((value) => Math.abs(value - level)));
  if (quantileSorted(away, SPIKY_QUANTILE) > SPIKY_SPREADS * spread) return "spiky";
  return quantileSorted(sortedFinite(steps), 0.5) > NOISY_STEP * spread ? "noisy" : "steady";
}
