/**
 * The lowest rung at which something holds, taking it for granted that it holds on all rungs above; `count` where it holds on none.
 * Looks near `guess` first: two places of one series are much alike, so it is found in three or four looks instead of five or six.
 */
export function smallestRung(holds: (rung: number) => boolean, count: number, guess: number): number {
  let low = 0;
  let high = count;
  let rung = Math.max(0, Math.min(count - 1, guess));
  for (let stride = 1; low < high; stride *= 2) {
    if (holds(rung)) high = rung;
    else low = rung + 1;
    const isBracketed = low > 0 && high < count;
    if (isBracketed || low >= high) break;
    rung = high < count ? Math.max(low, rung - stride) : Math.min(count - 1, rung + stride);
  }
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
