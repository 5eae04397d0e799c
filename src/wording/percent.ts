/** Within this of 0 or 100 a decimal distinguishes shares that would else read the same. */
const NEAR_END = 10;

/**
 * A share (0–1) as a percentage: `4.2 %`, `57 %`, `98.6 %`; never `0 %` for something or `100 %` for not all. A dash for null
 * and NaN.
 */
export function percent(share: number | null): string {
  if (share === null || Number.isNaN(share)) return "–";
  const value = 100 * share;
  if (value > 0 && value < 0.1) return "< 0.1 %";
  if (value < 100 && value > 99.9) return "> 99.9 %";
  const nearEnd = value < NEAR_END || value > 100 - NEAR_END;
  return `${nearEnd ? value.toFixed(1).replace(/\.0$/, "") : Math.round(value)} %`;
}
