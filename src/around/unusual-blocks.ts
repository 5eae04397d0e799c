import { robustScale } from "../math/robust-scale.js";
import type { Prepared } from "./prepare.js";

/** Parts that a day's stretch is cut into. */
export const BLOCKS_A_DAY = 12;
/** Spreads of its own block means that a series must be from usual: 1 in 16,000 for a normal one. */
const FAR = 4;

/**
 * In which parts of the earlier days a series was far from what its other days say: 1 or 0, `BLOCKS_A_DAY` for each day, the
 * day before first. Days that cannot be compared are 0.
 */
export function unusualBlocks(
  { days, daysBefore, noise }: Pick<Prepared, "days" | "daysBefore" | "noise">,
  allDays: number,
): Uint8Array {
  const out = new Uint8Array((allDays - 1) * BLOCKS_A_DAY);
  const means = new Float64Array((days.length - 1) * BLOCKS_A_DAY);
  for (let d = 1; d < days.length; d++) {
    for (let b = 0; b < BLOCKS_A_DAY; b++) means[(d - 1) * BLOCKS_A_DAY + b] = meanOf(days[d], b);
  }
  const { location, spread } = robustScale(means);
  const least = Math.max(spread, noise.spread * 1e-3);
  means.forEach((mean, i) => {
    if (!(Math.abs(mean - location) > FAR * least)) return;
    const day = Math.floor(i / BLOCKS_A_DAY) + 1;
    out[(daysBefore[day] - 1) * BLOCKS_A_DAY + (i % BLOCKS_A_DAY)] = 1;
  });
  return out;
}

function meanOf(values: Float64Array, block: number): number {
  let sum = 0;
  let count = 0;
  const until = Math.floor(((block + 1) * values.length) / BLOCKS_A_DAY);
  for (let i = Math.floor((block * values.length) / BLOCKS_A_DAY); i < until; i++) {
    if (values[i] !== values[i]) continue;
    sum += values[i];
    count++;
  }
  return sum / count;
}
