import { type Forest, LEAF_WIDTH, type Prediction, predict } from "./forest.js";

/**
 * A forest laid out for speed of scoring: every tree filled up to the same depth, so that the children of node n are
 * 2n + 1 and 2n + 2 and no index has to be loaded, and every row takes the same number of steps through each tree.
 *
 *     node           0                 features and thresholds of 2^depth − 1 nodes, tree after tree
 *                  1   2
 *                 3 4 5 6              figures of 2^depth leaves, LEAF_WIDTH each, tree after tree
 *
 * A leaf above the last level is repeated below itself; which way a row takes there does not matter.
 */
export interface ScoringForest {
  readonly featureCount: number;
  /** The forest as it was grown; scores by itself at first, and always where its trees are too deep to be filled up. */
  readonly grown: Forest;
  /** Rows that it has scored. */
  rows: number;
  /** Laid out once it pays. */
  laidOut: LaidOut | undefined;
}

interface LaidOut {
  readonly trees: number;
  readonly depth: number;
  readonly feature: Uint8Array;
  readonly threshold: Float32Array;
  readonly leaves: Float32Array;
}

/** A full tree of this depth takes 70 kB; ours have 9 levels. Deeper ones would fill memory with repeated leaves. */
const DEEPEST = 12;
/** Laying out takes about as long as scoring this many rows; a look at the newest slots of one series has fewer. */
const ROWS_THAT_PAY = 2000;

/** Makes a forest ready for scoring. */
export function openForest(grown: Forest): ScoringForest {
  return { featureCount: grown.featureCount, grown, rows: 0, laidOut: undefined };
}

/** @returns undefined if the trees are too deep. */
function layOut(forest: Forest): LaidOut | undefined {
  const { roots } = forest;
  const depth = Math.max(0, ...Array.from(roots, (root) => depthBelow(forest, root)));
  if (depth > DEEPEST) return undefined;
  const inner = 2 ** depth - 1;
  const feature = new Uint8Array(roots.length * inner);
  const threshold = new Float32Array(roots.length * inner);
  const leaves = new Float32Array(roots.length * (inner + 1) * LEAF_WIDTH);
  const place = (node: number, tree: number, at: number): void => {
    const next = forest.left[node];
    if (at >= inner) {
      const leaf = (-1 - next) * LEAF_WIDTH;
      leaves.set(forest.leaves.subarray(leaf, leaf + LEAF_WIDTH), (tree * (inner + 1) + at - inner) * LEAF_WIDTH);
      return;
    }
    feature[tree * inner + at] = next < 0 ? 0 : forest.feature[node];
    threshold[tree * inner + at] = next < 0 ? 0 : forest.threshold[node];
    place(next < 0 ? node : next, tree, 2 * at + 1);
    place(next < 0 ? node : next + 1, tree, 2 * at + 2);
  };
  for (let tree = 0; tree < roots.length; tree++) place(roots[tree], tree, 0);
  return { trees: roots.length, depth, feature, threshold, leaves };
}

function depthBelow(forest: Forest, node: number): number {
  const next = forest.left[node];
  return next < 0 ? 0 : 1 + Math.max(depthBelow(forest, next), depthBelow(forest, next + 1));
}

/**
 * What `predict` gives, to the last bit, in less than half of its time (predict.bench.ts): the steps through a tree hold no
 * branch that the processor could guess wrong, and four trees are gone through at once, so that it need not wait for the
 * memory of one.
 *
 * @param row holds `featureCount` features; NaN is a missing one.
 */
export function predictFast(forest: ScoringForest, row: Float32Array, into: Prediction): void {
  if (forest.laidOut === undefined) {
    if (++forest.rows === ROWS_THAT_PAY) forest.laidOut = layOut(forest.grown);
    predict(forest.grown, row, into);
    return;
  }
  const { trees, depth, feature, threshold, leaves } = forest.laidOut;
  const inner = (1 << depth) - 1;
  let mean = 0;
  let low = 0;
  let high = 0;
  let tree = 0;
  for (; tree + 4 <= trees; tree += 4) {
    const first = tree * inner;
    const second = first + inner;
    const third = second + inner;
    const fourth = third + inner;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let level = 0; level < depth; level++) {
      // `| 0` turns the comparison into 1 (left) or 0 (right, also for NaN) without a jump.
      a = 2 * a + 2 - (Number(row[feature[first + a]] <= threshold[first + a]) | 0);
      b = 2 * b + 2 - (Number(row[feature[second + b]] <= threshold[second + b]) | 0);
      c = 2 * c + 2 - (Number(row[feature[third + c]] <= threshold[third + c]) | 0);
      d = 2 * d + 2 - (Number(row[feature[fourth + d]] <= threshold[fourth + d]) | 0);
    }
    // Leaf i of a tree stands at inner + i of its nodes, and there is one leaf more than inner nodes.
    const leafA = (first + tree + a - inner) * LEAF_WIDTH;
    const leafB = (second + tree + 1 + b - inner) * LEAF_WIDTH;
    const leafC = (third + tree + 2 + c - inner) * LEAF_WIDTH;
    const leafD = (fourth + tree + 3 + d - inner) * LEAF_WIDTH;
    // One after the other, in the order of `predict`: sums of doubles depend on it.
    mean = mean + leaves[leafA] + leaves[leafB] + leaves[leafC] + leaves[leafD];
    low = low + leaves[leafA + 1] + leaves[leafB + 1] + leaves[leafC + 1] + leaves[leafD + 1];
    high = high + leaves[leafA + 2] + leaves[leafB + 2] + leaves[leafC + 2] + leaves[leafD + 2];
  }
  for (; tree < trees; tree++) {
    const first = tree * inner;
    let a = 0;
    for (let level = 0; level < depth; level++) {
      a = 2 * a + 2 - (Number(row[feature[first + a]] <= threshold[first + a]) | 0);
    }
    const leaf = (first + tree + a - inner) * LEAF_WIDTH;
    mean += leaves[leaf];
    low += leaves[leaf + 1];
    high += leaves[leaf + 2];
  }
  into.mean = mean / trees;
  into.low = low / trees;
  into.high = high / trees;
}
