import { binColumn, binEdges, edgeStride, type TrainingRows } from "./bins.js";
import { type Forest, LEAF_WIDTH } from "./forest.js";
import type { ForestOptions } from "./forest-options.js";
import { growTree, type Tree } from "./grow-tree.js";

export type { TrainingRows } from "./bins.js";
export { DEFAULT_FOREST, type ForestOptions } from "./forest-options.js";

export interface GrownForest {
  readonly forest: Forest;
  /** Share (sums to 1) of the reduction in squared error that each feature's splits brought. */
  readonly importance: Float64Array;
}

/**
 * Grows a random forest on histograms: features are cut into at most 255 bins once, a node's best split is found from
 * counts and sums a bin, never by sorting. Splits lower the squared error (CART, Breiman et al. 1984); trees differ by
 * their row sample and by the features each split may use (Breiman 2001). Missing values lie behind the largest value.
 *
 * The same rows, options and seed give the same forest, and each tree depends on its own seed only.
 *
 * @throws RangeError without rows or with more than 255 features.
 */
export function growForest(rows: TrainingRows, options: ForestOptions): GrownForest {
  checkRows(rows);
  const stride = edgeStride(rows);
  const edges = rows.columns.map((column) => binEdges(column, stride));
  const bins = rows.columns.map((column, f) => binColumn(column, edges[f]));
  const binned = { bins, edges, targets: rows.targets };
  return joinTrees(Array.from({ length: options.trees }, (_, t) => growTree(binned, options, t)));
}

/** @throws RangeError for rows that no forest can be grown on. */
export function checkRows({ columns, targets }: TrainingRows): void {
  if (targets.length === 0 || columns.length === 0) {
    throw new RangeError("growForest needs at least one row and one feature");
  }
  if (columns.length > 255) throw new RangeError(`growForest takes at most 255 features, got ${columns.length}`);
}

/** The trees of a forest behind one another, in their order. */
export function joinTrees(trees: readonly Tree[]): GrownForest {
  const featureCount = trees[0].gains.length;
  const importance = new Float64Array(featureCount);
  for (const { gains } of trees) for (let f = 0; f < featureCount; f++) importance[f] += gains[f];
  const total = importance.reduce((sum, gain) => sum + gain, 0);
  if (total > 0) for (let f = 0; f < featureCount; f++) importance[f] /= total;
  const nodeCount = trees.reduce((sum, tree) => sum + tree.left.length, 0);
  const leafCount = trees.reduce((sum, tree) => sum + tree.leaves.length, 0);
  const forest: Forest = {
    featureCount,
    roots: new Int32Array(trees.length),
    feature: new Uint8Array(nodeCount),
    threshold: new Float32Array(nodeCount),
    left: new Int32Array(nodeCount),
    leaves: new Float32Array(leafCount),
  };
  let node = 0;
  let leaf = 0;
  trees.forEach((tree, t) => {
    forest.roots[t] = node;
    forest.feature.set(tree.feature, node);
    forest.threshold.set(tree.threshold, node);
    for (let n = 0; n < tree.left.length; n++) {
      const child = tree.left[n];
      forest.left[node + n] = child >= 0 ? child + node : child - leaf / LEAF_WIDTH;
    }
    forest.leaves.set(tree.leaves, leaf);
    node += tree.left.length;
    leaf += tree.leaves.length;
  });
  return { forest, importance };
}
