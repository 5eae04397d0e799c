/** Logs of factorials, `out[n] = ln n!`, up to `most`. */
export function logFactorials(most: number): Float64Array {
  const out = new Float64Array(most + 1);
  for (let n = 2; n <= most; n++) out[n] = out[n - 1] + Math.log(n);
  return out;
}

/**
 * The chance that of `drawn` out of `all`, of which `marked` are marked, at least `found` are marked: the upper tail of the
 * hypergeometric distribution, as R's phyper(found - 1, marked, all - marked, drawn, lower.tail = FALSE).
 *
 * @param logs of at least `all`. @returns 0–1.
 */
export function chanceOfAtLeast(
  found: number,
  { drawn, marked, all }: { readonly drawn: number; readonly marked: number; readonly all: number },
  logs: Float64Array,
): number {
  const choose = (n: number, k: number) => logs[n] - logs[k] - logs[n - k];
  const most = Math.min(drawn, marked);
  const total = choose(all, drawn);
  let sum = 0;
  for (let k = Math.max(found, drawn + marked - all, 0); k <= most; k++) {
    sum += Math.exp(choose(marked, k) + choose(all - marked, drawn - k) - total);
  }
  return Math.min(1, sum);
}
