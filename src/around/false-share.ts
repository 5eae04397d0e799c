/**
 * The false share that a list up to and including each entry is expected to have (adjusted p values): entries below `share` are a
 * list of which at most that share is there by chance.
 *
 * Source: Benjamini & Hochberg, J. R. Stat. Soc. B 57 (1995); as R's p.adjust(method = "BH").
 *
 * @param chances p values, 0–1, in any order. @returns in the same order.
 * @example falseShares([0.01, 0.04, 0.03]) // [0.03, 0.04, 0.04]
 */
export function falseShares(chances: readonly number[]): number[] {
  const order = chances.map((_, i) => i).sort((a, b) => chances[b] - chances[a]);
  const out = new Array<number>(chances.length);
  let least = 1;
  order.forEach((i, place) => {
    least = Math.min(least, (chances[i] * chances.length) / (chances.length - place));
    out[i] = least;
  });
  return out;
}
