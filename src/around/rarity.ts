/** Bands of one power of ten each, from the chance at which the list is cut down. */
const BANDS = 4;

/**
 * How much likelier a change as rare as this one is among what moved together than among the changes of ordinary days: those
 * just past the cut are mostly ordinary ones. One is added to each band.
 *
 * @param cut the highest chance that is listed. @returns for a chance: the ratio of the two shares of its band.
 */
export function rarityRatio(
  together: readonly number[],
  ordinary: readonly number[],
  cut: number,
): (chance: number) => number {
  const bandOf = (chance: number) => {
    const band = Math.floor(Math.log10(cut / chance));
    return Math.max(0, Math.min(BANDS - 1, Number.isFinite(band) ? band : BANDS - 1));
  };
  const shares = (chances: readonly number[]) => {
    const counts = new Array<number>(BANDS).fill(1);
    for (const chance of chances) counts[bandOf(chance)]++;
    return counts.map((count) => count / (chances.length + BANDS));
  };
  const [among, usually] = [shares(together), shares(ordinary)];
  return (chance) => among[bandOf(chance)] / usually[bandOf(chance)];
}
