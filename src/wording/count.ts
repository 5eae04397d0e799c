/**
 * A count with its noun: `1 series`, `12,345 rows`.
 *
 * @param many the plural where it is not the singular with an `s`
 */
export function count(n: number, one: string, many = one === "series" ? one : `${one}s`): string {
  return `${thousands(n)} ${n === 1 ? one : many}`;
}

/** `1234567` as `1,234,567`; fractions are cut off. */
export function thousands(n: number): string {
  return Math.trunc(n)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ",");
}
