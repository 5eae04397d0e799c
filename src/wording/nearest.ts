/**
 * Edits that turn one word into the other: insert, delete, replace, or swap two neighbours.
 * This is the optimal string alignment distance: no part is edited twice.
 *
 * @example editDistance("hydarte", "hydrate") // 1
 */
export function editDistance(a: string, b: string): number {
  // rows[i][j]: distance between the first i letters of a and the first j letters of b.
  const rows = Array.from({ length: a.length + 1 }, (_, i) => {
    const row = new Array<number>(b.length + 1).fill(0);
    row[0] = i;
    return row;
  });
  for (let j = 0; j <= b.length; j++) rows[0][j] = j;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, rows[i - 2][j - 2] + 1);
      rows[i][j] = best;
    }
  }
  return rows[a.length][b.length];
}

/** Above this share of edited letters two words are no longer a slip of the finger (commander and git use about the same). */
const CLOSE_ENOUGH = 0.4;

/** The known word that the given one is most likely meant to be, or undefined where none is close. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const distance = candidate.startsWith(word) && word.length > 2 ? 1 : editDistance(word.toLowerCase(), candidate);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  const letters = Math.max(word.replace(/^-+/, "").length, best?.replace(/^-+/, "").length ?? 0);
  return bestDistance <= Math.max(1, letters * CLOSE_ENOUGH) ? best : undefined;
}

/** `; did you mean infer?`, or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const match = nearest(word, known);
  return match === undefined ? "" : `; did you mean ${match}?`;
}
