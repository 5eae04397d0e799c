/**
 * A regression forest as flat arrays: all trees behind one another, nothing to follow but indices.
 *
 * Inner node n: goes left where `row[feature[n]] <= threshold[n]`, else right; the right child is `left[n] + 1`.
 * A leaf has `left[n] < 0` and its figures at `leaves[-1 - left[n]]`. NaN compares false and so goes right: growing
 * puts missing values there as well.
 *
 *     roots[t] → node → left[n]            (row value <= threshold)
 *                     → left[n] + 1        (greater, or NaN)
 */
export interface Forest {
  readonly featureCount: number;
  /** Index of each tree's first node. */
  readonly roots: Int32Array;
  readonly feature: Uint8Array;
  readonly threshold: Float32Array;
  readonly left: Int32Array;
  /** `LEAF_WIDTH` figures a leaf: mean, low quantile, high quantile of the targets that fell there. */
  readonly leaves: Float32Array;
}

export const LEAF_WIDTH = 3;
/** Which quantiles of a leaf the band is made of. Wide enough to see spread, narrow enough for a leaf of 20 rows. */
export const LEAF_LOW = 0.05;
export const LEAF_HIGH = 0.95;

/** What a forest says of one row; reused between calls so that scoring allocates nothing. */
export interface Prediction {
  mean: number;
  low: number;
  high: number;
}

/**
 * Predicts one row: the average over the trees of the leaf's mean and quantiles. Averaging leaf quantiles approximates
 * the quantile regression forest of Meinshausen (JMLR 7, 2006) without keeping the training targets.
 *
 * @param row holds `featureCount` features; NaN is a missing one.
 */
export function predict(forest: Forest, row: Float32Array, into: Prediction): void {
  const { roots, feature, threshold, left, leaves } = forest;
  let mean = 0;
  let low = 0;
  let high = 0;
  for (let tree = 0; tree < roots.length; tree++) {
    let node = roots[tree];
    let next = left[node];
    while (next >= 0) {
      node = row[feature[node]] <= threshold[node] ? next : next + 1;
      next = left[node];
    }
    const leaf = (-1 - next) * LEAF_WIDTH;
    mean += leaves[leaf];
    low += leaves[leaf + 1];
    high += leaves[leaf + 2];
  }
  into.mean = mean / roots.length;
  into.low = low / roots.length;
  into.high = high / roots.length;
}
