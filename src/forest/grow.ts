import { quantileSorted } from "../math/quantile.js";
import { seededRandom } from "../math/random.js";
import { bestSplit, emptyHistogram, type Split } from "./best-split.js";
import { binColumn, binEdges } from "./bins.js";
import { type Forest, LEAF_HIGH, LEAF_LOW, LEAF_WIDTH } from "./forest.js";

export interface ForestOptions {
  readonly trees: number;
  readonly depth: number;
  /** Fewest rows in a leaf; its quantiles need about this many to mean something. */
  readonly leafRows: number;
  /** Share (0–1] of the features that each split may choose from. */
  readonly featureShare: number;
  /** Share (0–1] of the rows that each tree sees, drawn without replacement. */
  readonly rowShare: number;
  readonly seed: number;
}

/**
 * 24 trees of depth 9: against 60 of depth 10 the error on held-out days grows by 0.4 %, while the model is a fifth of the
 * size and scores three times as fast (docs/detection.md has the sweep).
 */
export const DEFAULT_FOREST: ForestOptions = {
  trees: 24,
  depth: 9,
  leafRows: 40,
  featureShare: 0.5,
  rowShare: 0.5,
  seed: 1,
};

/** Rows for growing: `columns[f][i]` is feature f of row i (NaN is missing), `targets[i]` its target (finite). */
export interface TrainingRows {
  readonly columns: readonly Float32Array[];
  readonly targets: Float32Array;
}

export interface GrownForest {
  readonly forest: Forest;
  /** Share (sums to 1) of the reduction in squared error that each feature's splits brought. */
  readonly importance: Float64Array;
}

/** Edges are quantiles; this many values place 254 of them well enough. */
const EDGE_SAMPLE = 50_000;

/**
 * Grows a random forest on histograms: features are cut into at most 255 bins once, a node's best split is found from
 * counts and sums a bin, never by sorting. Splits lower the squared error (CART, Breiman et al. 1984); trees differ by
 * their row sample and by the features each split may use (Breiman 2001). Missing values lie behind the largest value.
 *
 * The same rows, options and seed give the same forest, and each tree depends on its own seed only.
 *
 * @throws RangeError without rows or with more than 255 features.
 */
export function growForest(rows: TrainingRows, options: ForestOptions, onTree?: (done: number) => void): GrownForest {
  const featureCount = rows.columns.length;
  const rowCount = rows.targets.length;
  if (rowCount === 0 || featureCount === 0) throw new RangeError("growForest needs at least one row and one feature");
  if (featureCount > 255) throw new RangeError(`growForest takes at most 255 features, got ${featureCount}`);
  const stride = Math.max(1, Math.floor(rowCount / EDGE_SAMPLE));
  const edges = rows.columns.map((column) => binEdges(column, stride));
  const bins = rows.columns.map((column, f) => binColumn(column, edges[f]));
  const importance = new Float64Array(featureCount);
  const trees = Array.from({ length: options.trees }, (_, t) => {
    const tree = growTree(bins, edges, rows.targets, options, t, importance);
    onTree?.(t + 1);
    return tree;
  });
  const total = importance.reduce((sum, gain) => sum + gain, 0);
  if (total > 0) for (let f = 0; f < featureCount; f++) importance[f] /= total;
  return { forest: joinTrees(trees, featureCount), importance };
}

interface Tree {
  readonly feature: number[];
  readonly threshold: number[];
  readonly left: number[];
  readonly leaves: number[];
}

/** Any odd constant spreads the seeds of neighbouring trees; this is 2³² divided by the golden ratio. */
const SEED_STRIDE = 0x9e3779b1;

function growTree(
  bins: readonly Uint8Array[],
  edges: readonly Float32Array[],
  targets: Float32Array,
  options: ForestOptions,
  treeIndex: number,
  importance: Float64Array,
): Tree {
  const random = seededRandom((options.seed + Math.imul(treeIndex + 1, SEED_STRIDE)) >>> 0);
  const rows = sampleRows(targets.length, options.rowShare, random);
  const candidates = Math.max(1, Math.round(bins.length * options.featureShare));
  const order = Int32Array.from(bins.keys());
  const scratch = new Int32Array(rows.length);
  const histogram = emptyHistogram();
  const tree: Tree = { feature: [0], threshold: [0], left: [0], leaves: [] };

  // Depth first over explicit spans of `rows`; children are made next to each other.
  const stack: { node: number; start: number; end: number; depth: number }[] = [
    { node: 0, start: 0, end: rows.length, depth: 0 },
  ];
  for (let span = stack.pop(); span !== undefined; span = stack.pop()) {
    const { node, start, end, depth } = span;
    let best: Split | undefined;
    if (depth < options.depth && end - start >= 2 * options.leafRows) {
      shuffleFirst(order, candidates, random);
      for (let k = 0; k < candidates; k++) {
        const f = order[k];
        const split = bestSplit(bins[f], f, edges[f].length, targets, rows, start, end, options.leafRows, histogram);
        if (split !== undefined && (best === undefined || split.gain > best.gain)) best = split;
      }
    }
    if (best === undefined) {
      tree.left[node] = -1 - tree.leaves.length / LEAF_WIDTH;
      pushLeaf(tree.leaves, targets, rows, start, end);
      continue;
    }
    importance[best.feature] += best.gain;
    const middle = partition(bins[best.feature], best.bin, rows, start, end, scratch);
    const left = tree.left.length;
    tree.feature[node] = best.feature;
    // Behind the last edge lie the values above it: everything but NaN is <= Infinity.
    tree.threshold[node] = edges[best.feature][best.bin] ?? Number.POSITIVE_INFINITY;
    tree.left[node] = left;
    tree.feature.push(0, 0);
    tree.threshold.push(0, 0);
    tree.left.push(0, 0);
    stack.push({ node: left + 1, start: middle, end, depth: depth + 1 });
    stack.push({ node: left, start, end: middle, depth: depth + 1 });
  }
  return tree;
}

/** A sample without replacement by selection sampling (Knuth, TAOCP 2, 3.4.2, algorithm S): ascending, so cache-friendly. */
function sampleRows(count: number, share: number, random: () => number): Int32Array {
  const wanted = Math.max(1, Math.round(count * share));
  const rows = new Int32Array(wanted);
  let taken = 0;
  for (let i = 0; taken < wanted; i++) if ((count - i) * random() < wanted - taken) rows[taken++] = i;
  return rows;
}

/** The first `n` places of a Fisher–Yates shuffle. */
function shuffleFirst(order: Int32Array, n: number, random: () => number): void {
  for (let i = 0; i < n; i++) {
    const j = i + Math.floor(random() * (order.length - i));
    const kept = order[i];
    order[i] = order[j];
    order[j] = kept;
  }
}

/** Stable: rows with bin <= cut first, both parts in their old order. Returns where the second part begins. */
function partition(
  bins: Uint8Array,
  cut: number,
  rows: Int32Array,
  start: number,
  end: number,
  scratch: Int32Array,
): number {
  let left = start;
  let right = 0;
  for (let i = start; i < end; i++) {
    const row = rows[i];
    if (bins[row] <= cut) rows[left++] = row;
    else scratch[right++] = row;
  }
  rows.set(scratch.subarray(0, right), left);
  return left;
}

function pushLeaf(leaves: number[], targets: Float32Array, rows: Int32Array, start: number, end: number): void {
  const inside = new Float32Array(end - start);
  let sum = 0;
  for (let i = start; i < end; i++) {
    inside[i - start] = targets[rows[i]];
    sum += targets[rows[i]];
  }
  inside.sort();
  leaves.push(sum / inside.length, quantileSorted(inside, LEAF_LOW), quantileSorted(inside, LEAF_HIGH));
}

function joinTrees(trees: readonly Tree[], featureCount: number): Forest {
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
  return forest;
}
