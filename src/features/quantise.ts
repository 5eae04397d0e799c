/**
 * Scaled values are kept as integers, 1/2048 of a robust standard deviation each, limited to ±512 deviations.
 *
 * Sums and sums of squares of such integers over a window of up to 8,192 slots (24 h at 10.5 s) stay below 2⁵³
 * and so are exact in a double: adding a slot and taking one away leaves no rounding error behind, whatever the order.
 * This is what makes a state that was saved, one that was rebuilt, and a whole replay agree to the last bit.
 */
export const UNITS_PER_DEVIATION = 2048;
const LIMIT = 512 * UNITS_PER_DEVIATION;

/** A slot without a value. */
export const MISSING = -0x80000000;

/**
 * @param scaled (value − location) / spread; NaN becomes MISSING, ±Infinity the limit.
 * @example quantise(0.5) // 1024
 */
export function quantise(scaled: number): number {
  if (scaled !== scaled) return MISSING;
  const units = Math.round(scaled * UNITS_PER_DEVIATION);
  // + 0 turns −0 into 0: a ring of 32-bit integers has no −0, and a fresh value must equal the one read back.
  return Math.min(LIMIT, Math.max(-LIMIT, units)) + 0;
}
