/** The shift that explains a stretch best. */
export interface Shift {
  /** Root of twice the log likelihood ratio against no shift: about 3 for pure noise of two hours in minutes. 0: nothing to scan. */
  readonly statistic: number;
  /** First slot of it and the slot after its last, counted from the first that was scanned. */
  readonly from: number;
  readonly until: number;
  readonly direction: 1 | -1;
}

/**
 * The likelihood-ratio scan for one shift of the mean that begins and may end inside a stretch of autocorrelated noise: for
 * each begin and end the innovations are matched with what a shift leaves in them.
 *
 *     deviation    0 0 0 1 1 1 1 0 0        memory ρ, over √(1 − ρ²):
 *     innovation   0 0 0 1 β β β −ρ 0       β = 1 − ρ
 *
 * So a sudden begin is seen in its first slot, however long the noise remembers. NaN slots count neither way, and no shift is shorter than `leastSlots`.
 *
 * Source: the generalised likelihood ratio of Basseville & Nikiforov, Detection of Abrupt Changes (1993), ch. 2; with an end as
 * in circular binary segmentation, Olshen et al., Biostatistics 5 (2004). Cost: half the square of the slots.
 */
export function scanShift(fresh: Float64Array, memory: number, leastSlots: number): Shift {
  const n = fresh.length;
  // The factor 1/√(1 − ρ²) is in the sum and in the root of the energy alike, and not in their ratio.
  const level = 1 - memory;
  const after = -memory;
  // Sums and counts of all slots before i.
  const sums = new Float64Array(n + 1);
  const counts = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) {
    const has = fresh[i] === fresh[i];
    sums[i + 1] = sums[i] + (has ? fresh[i] : 0);
    counts[i + 1] = counts[i] + (has ? 1 : 0);
  }
  const ofLevel = level * level;
  const ofEnd = after * after;
  // What a shift that ends before `until` adds to the scalar product and to its energy, whenever it began.
  const products = new Float64Array(n + 1);
  const energies = new Float64Array(n + 1);
  for (let until = 0; until <= n; until++) {
    const hasEnd = until < n && fresh[until] === fresh[until];
    products[until] = level * sums[until] + (hasEnd ? after * fresh[until] : 0);
    energies[until] = ofLevel * counts[until] + (hasEnd ? ofEnd : 0);
  }
  let best = 0;
  let bestFrom = 0;
  let bestUntil = 0;
  let direction: 1 | -1 = 1;
  for (let from = 0; from < n; from++) {
    const value = fresh[from];
    // A shift begins where there is a value to show it.
    if (value !== value) continue;
    const product = value - level * sums[from + 1];
    const energy = 1 - ofLevel * counts[from + 1];
    for (let until = from + leastSlots; until <= n; until++) {
      const sum = product + products[until];
      // Without a division, which takes longer than all the rest.
      if (sum * sum <= best * (energy + energies[until])) continue;
      best = (sum * sum) / (energy + energies[until]);
      bestFrom = from;
      bestUntil = until;
      direction = sum > 0 ? 1 : -1;
    }
  }
  return { statistic: Math.sqrt(best), from: bestFrom, until: bestUntil, direction };
}

/** How likely each slot is to be the first of the shift, given its end; sums to 1. All begins are as likely beforehand. */
export function onsetChances(
  fresh: Float64Array,
  memory: number,
  { until, direction }: Pick<Shift, "until" | "direction">,
): Float64Array {
  const n = fresh.length;
  const logs = new Float64Array(n).fill(Number.NEGATIVE_INFINITY);
  const level = 1 - memory;
  let sum = 0;
  let energy = 0;
  if (until < n && fresh[until] === fresh[until]) {
    sum -= memory * fresh[until];
    energy += memory * memory;
  }
  let highest = Number.NEGATIVE_INFINITY;
  for (let from = until - 1; from >= 0; from--) {
    const value = fresh[from];
    if (value !== value) continue;
    const ofBegin = sum + value;
    if (ofBegin * direction > 0) {
      logs[from] = (ofBegin * ofBegin) / (energy + 1) / 2;
      highest = Math.max(highest, logs[from]);
    }
    sum += level * value;
    energy += level * level;
  }
  let total = 0;
  const chances = logs.map((log) => Math.exp(log - highest));
  for (const chance of chances) total += chance;
  return chances.map((chance) => chance / total);
}
