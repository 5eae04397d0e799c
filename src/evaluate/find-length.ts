/** TSB-AD's own numbers: rows looked at, longest lag, shortest and longest period taken, and what stands for none. */
const ROWS = 20_000;
const LONGEST_LAG = 400;
const FIRST_LAG = 3;
const SHORTEST = 3;
const LONGEST = 300;
const NO_PERIOD = 125;

/**
 * The window that VUS widens events by: the lag of the strongest local maximum of the autocorrelation.
 *
 * The sums are taken directly: 400 lags of 20,000 rows are 8 million products, no more work than a transform.
 *
 * @param values without NaN. Source: `find_length_rank(x, rank=1)` of TSB-AD (Liu & Paparrizos, NeurIPS 2024).
 */
export function findLength(values: Float64Array): number {
  const n = Math.min(values.length, ROWS);
  if (n === 0) return NO_PERIOD;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i];
  mean /= n;
  const centred = Float64Array.from(values.subarray(0, n), (value) => value - mean);
  const variance = lagged(centred, 0);
  if (variance === 0) return NO_PERIOD;
  const lags = Math.min(LONGEST_LAG, n - 1) + 1 - FIRST_LAG;
  if (lags < 3) return NO_PERIOD;
  const correlation = Float64Array.from({ length: lags }, (_, k) => lagged(centred, k + FIRST_LAG) / variance);
  let strongest = -1;
  for (let k = 1; k < lags - 1; k++) {
    const isPeak = correlation[k] > correlation[k - 1] && correlation[k] > correlation[k + 1];
    if (isPeak && (strongest < 0 || correlation[k] >= correlation[strongest])) strongest = k;
  }
  return strongest < SHORTEST || strongest > LONGEST ? NO_PERIOD : strongest + FIRST_LAG;
}

function lagged(centred: Float64Array, lag: number): number {
  let sum = 0;
  for (let i = lag; i < centred.length; i++) sum += centred[i] * centred[i - lag];
  return sum / centred.length;
}
