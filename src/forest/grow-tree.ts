import { quantileSorted } from "../math/quantile.js";
import { seededRandom } from "../math/random.js";
import { bestSplit, emptyHistogram, type Split } from "./best-split.js";
import type { BinnedRows } from "./bins.js";
import { LEAF_HIGH, LEAF_LOW, LEAF_WIDTH } from "./forest.js";
import type { ForestOptions } from "./forest-options.js";

/** One tree as it is grown; laid out as in `Forest`, with indices that begin at 0. */
export interface Tree {
  readonly feature: number[];
  readonly threshold: number[];
  readonly left: number[];
  readonly leaves: number[];
  /** The reduction in squared error that each feature's splits brought. */
  readonly gains: Float64Array;
}

/** Any odd constant spreads the seeds of neighbouring trees; this is 2³² divided by the golden ratio. */
const SEED_STRIDE = 0x9e3779b1;

/** Grows tree number `treeIndex` of a forest; it depends on the rows, the options and its own number only. */
export function growTree({ bins, edges, targets }: BinnedRows, options: ForestOptions, treeIndex: number): Tree {
  const random = seededRandom((options.seed + Math.imul(treeIndex + 1, SEED_STRIDE)) >>> 0);
  const rows = sampleRows(targets.length, options.rowShare, random);
  const candidates = Math.max(1, Math.round(bins.length * options.featureShare));
  const order = Int32Array.from(bins.keys());
  const scratch = new Int32Array(rows.length);
  const histogram = emptyHistogram();
  const gains = new Float64Array(bins.length);
  const tree: Tree = { feature: [0], threshold: [0], left: [0], leaves: [], gains };

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
    gains[best.feature] += best.gain;
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
