import { MISSING_BIN } from "./bins.js";

export interface Split {
  readonly feature: number;
  readonly bin: number;
  readonly gain: number;
}

export interface Histogram {
  readonly counts: Int32Array;
  readonly sums: Float64Array;
}

/** Scratch for `bestSplit`, made once a tree. */
export function emptyHistogram(): Histogram {
  return { counts: new Int32Array(MISSING_BIN + 1), sums: new Float64Array(MISSING_BIN + 1) };
}

/**
 * The cut of one feature that lowers the squared error most: maximise S_l²/n_l + S_r²/n_r over the bins. Missing values
 * are always on the right; the cut behind the last value bin parts them from all others.
 */
export function bestSplit(
  bins: Uint8Array,
  feature: number,
  lastValueBin: number,
  targets: Float32Array,
  rows: Int32Array,
  start: number,
  end: number,
  leafRows: number,
  { counts, sums }: Histogram,
): Split | undefined {
  counts.fill(0);
  sums.fill(0);
  for (let i = start; i < end; i++) {
    const row = rows[i];
    const bin = bins[row];
    counts[bin]++;
    sums[bin] += targets[row];
  }
  let total = 0;
  for (let bin = 0; bin <= lastValueBin; bin++) total += sums[bin];
  total += sums[MISSING_BIN];
  const n = end - start;
  const parent = (total * total) / n;
  let leftCount = 0;
  let leftSum = 0;
  let best: Split | undefined;
  let bestScore = parent;
  for (let bin = 0; bin <= lastValueBin; bin++) {
    leftCount += counts[bin];
    leftSum += sums[bin];
    if (leftCount < leafRows) continue;
    const rightCount = n - leftCount;
    if (rightCount < leafRows) break;
    const rightSum = total - leftSum;
    const score = (leftSum * leftSum) / leftCount + (rightSum * rightSum) / rightCount;
    if (score > bestScore * (1 + 1e-12) + 1e-12) {
      bestScore = score;
      best = { feature, bin, gain: score - parent };
    }
  }
  return best;
}
