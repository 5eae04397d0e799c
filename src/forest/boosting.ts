import { type BinnedRows, binColumn, binEdges, edgeStride, MISSING_BIN, type TrainingRows } from "./bins.js";

export interface BoostingOptions {
  /** Trees at the most. */
  readonly trees: number;
  /** Leaves of a tree at the most. */
  readonly leaves: number;
  /** Rows of a leaf at the least. */
  readonly leastRows: number;
  /** What each tree may move the prediction by. */
  readonly rate: number;
  /** With rows to check on: trees without any gain there after which no more are grown, and the best number of them stays. */
  readonly patience: number;
}

/** The defaults of scikit-learn's HistGradientBoostingRegressor. */
export const DEFAULT_BOOSTING: BoostingOptions = { trees: 100, leaves: 31, leastRows: 20, rate: 0.1, patience: 10 };

/**
 * Boosted trees, flat: a fixed number of nodes for each tree, so that their arrays can be part of a state. A node with `left` 0 is a leaf; the right
 * child is behind the left one.
 */
export interface Boosted {
  base: number;
  count: number;
  readonly nodesATree: number;
  readonly feature: Uint8Array;
  readonly threshold: Float32Array;
  readonly left: Uint8Array;
  /** 1 where a missing value goes left. */
  readonly missingLeft: Uint8Array;
  readonly value: Float32Array;
}

/** Most leaves whose nodes a byte can name. */
export const MOST_LEAVES = 127;

export function emptyBoosted({ trees, leaves }: Pick<BoostingOptions, "trees" | "leaves">): Boosted {
  const nodesATree = 2 * leaves - 1;
  const nodes = trees * nodesATree;
  return {
    base: Number.NaN,
    count: 0,
    nodesATree,
    feature: new Uint8Array(nodes),
    threshold: new Float32Array(nodes),
    left: new Uint8Array(nodes),
    missingLeft: new Uint8Array(nodes),
    value: new Float32Array(nodes),
  };
}

/** The same without the room for trees that were not needed. */
export function trimmed(boosted: Boosted): Boosted {
  const nodes = boosted.count * boosted.nodesATree;
  return {
    ...boosted,
    feature: boosted.feature.slice(0, nodes),
    threshold: boosted.threshold.slice(0, nodes),
    left: boosted.left.slice(0, nodes),
    missingLeft: boosted.missingLeft.slice(0, nodes),
    value: boosted.value.slice(0, nodes),
  };
}

/** What the trees say of a row; NaN is a missing feature. */
export function predictBoosted(boosted: Boosted, row: Float32Array): number {
  let sum = boosted.base;
  for (let tree = 0; tree < boosted.count; tree++) sum += leafValue(boosted, tree, row);
  return sum;
}

function leafValue(
  { nodesATree, feature, threshold, left, missingLeft, value }: Boosted,
  tree: number,
  row: Float32Array,
): number {
  const root = tree * nodesATree;
  let node = root;
  while (left[node] > 0) {
    const x = row[feature[node]];
    const isLeft = x === x ? x <= threshold[node] : missingLeft[node] === 1;
    node = root + left[node] + (isLeft ? 0 : 1);
  }
  return value[node];
}

/**
 * Gradient boosting of regression trees on histograms, squared loss: each tree is grown on what those before it have left, best leaf first. A missing value
 * goes to the side that gains more.
 *
 * Source: Friedman, "Greedy function approximation", Annals of Statistics 29 (2001); histograms and leaf-wise growth as in LightGBM, Ke et al. (2017).
 *
 * @param into its arrays are written; its size is that of the options.
 * @param later rows that are later than all others: the trees that do best on them stay. Undefined: all trees.
 */
export function growBoosted(rows: TrainingRows, options: BoostingOptions, into: Boosted, later?: TrainingRows): void {
  const edges = rows.columns.map((column) => binEdges(column, edgeStride(rows)));
  const bins = rows.columns.map((column, f) => binColumn(column, edges[f]));
  const { targets } = rows;
  into.base = targets.reduce((sum, target) => sum + target / targets.length, 0);
  into.count = 0;
  into.left.fill(0);
  into.value.fill(0);
  const rest = Float64Array.from(targets, (target) => target - into.base);
  const check = later === undefined ? undefined : new Check(later, into.base);
  for (let tree = 0; tree < options.trees; tree++) {
    growOne({ bins, edges, targets }, rest, options, into, tree);
    into.count = tree + 1;
    if (check?.isEnough(into, options.patience)) break;
  }
  if (check !== undefined) into.count = check.best;
}

/** A leaf that may still be split: its rows are `order[from..until)`. */
interface Leaf {
  readonly node: number;
  readonly from: number;
  readonly until: number;
  readonly histogram: Float64Array;
  readonly split: Split | undefined;
}

interface Split {
  readonly feature: number;
  readonly bin: number;
  readonly missingLeft: boolean;
  readonly gain: number;
}

const BINS = MISSING_BIN + 1;

function growOne(
  { bins, edges }: BinnedRows,
  rest: Float64Array,
  options: BoostingOptions,
  into: Boosted,
  tree: number,
): void {
  const { leaves: mostLeaves, leastRows, rate } = options;
  const root = tree * into.nodesATree;
  const order = Int32Array.from({ length: rest.length }, (_, i) => i);
  const scratch = new Int32Array(rest.length);
  const leafOf = (node: number, from: number, until: number, histogram: Float64Array): Leaf => ({
    node,
    from,
    until,
    histogram,
    split: bestSplit(histogram, bins.length, leastRows, edges),
  });
  const leaves = [leafOf(0, 0, rest.length, histogramOf(bins, rest, order, 0, rest.length))];
  let nodes = 1;
  while (leaves.length < mostLeaves) {
    let at = -1;
    leaves.forEach(({ split }, i) => {
      if (split !== undefined && (at < 0 || split.gain > (leaves[at].split as Split).gain)) at = i;
    });
    if (at < 0) break;
    const { node, from, until, histogram, split } = leaves[at];
    const { feature, bin, missingLeft } = split as Split;
    const middle = partition(bins[feature], order, scratch, from, until, bin, missingLeft);
    const isLeftSmall = middle - from <= until - middle;
    const small = isLeftSmall
      ? histogramOf(bins, rest, order, from, middle)
      : histogramOf(bins, rest, order, middle, until);
    const large = histogram.map((sum, i) => sum - small[i]);
    into.feature[root + node] = feature;
    into.threshold[root + node] = edges[feature][bin] ?? Number.POSITIVE_INFINITY;
    into.missingLeft[root + node] = missingLeft ? 1 : 0;
    into.left[root + node] = nodes;
    leaves.splice(
      at,
      1,
      leafOf(nodes, from, middle, isLeftSmall ? small : large),
      leafOf(nodes + 1, middle, until, isLeftSmall ? large : small),
    );
    nodes += 2;
  }
  for (const { node, from, until } of leaves) {
    let sum = 0;
    for (let i = from; i < until; i++) sum += rest[order[i]];
    const value = Math.fround((rate * sum) / (until - from));
    into.value[root + node] = value;
    for (let i = from; i < until; i++) rest[order[i]] -= value;
  }
}

/** For each feature and bin the sum of what is left and the number of rows, side by side. */
function histogramOf(
  bins: readonly Uint8Array[],
  rest: Float64Array,
  order: Int32Array,
  from: number,
  until: number,
): Float64Array {
  const histogram = new Float64Array(bins.length * BINS * 2);
  for (let f = 0; f < bins.length; f++) {
    const own = bins[f];
    const start = f * BINS * 2;
    for (let i = from; i < until; i++) {
      const row = order[i];
      const at = start + 2 * own[row];
      histogram[at] += rest[row];
      histogram[at + 1]++;
    }
  }
  return histogram;
}

/** The split of a leaf that leaves the least squared error; undefined where none gains anything. */
function bestSplit(
  histogram: Float64Array,
  features: number,
  leastRows: number,
  edges: readonly Float32Array[],
): Split | undefined {
  let best: Split | undefined;
  for (let feature = 0; feature < features; feature++) {
    const start = feature * BINS * 2;
    let total = 0;
    let rows = 0;
    for (let bin = 0; bin < BINS; bin++) {
      total += histogram[start + 2 * bin];
      rows += histogram[start + 2 * bin + 1];
    }
    const missing = histogram[start + 2 * MISSING_BIN];
    const missingRows = histogram[start + 2 * MISSING_BIN + 1];
    const before = rows === 0 ? 0 : (total * total) / rows;
    let left = 0;
    let leftRows = 0;
    // Behind the last edge are only missing values.
    for (let bin = 0; bin <= edges[feature].length; bin++) {
      left += histogram[start + 2 * bin];
      leftRows += histogram[start + 2 * bin + 1];
      for (const missingLeft of missingRows > 0 ? [false, true] : [false]) {
        const sum = left + (missingLeft ? missing : 0);
        const count = leftRows + (missingLeft ? missingRows : 0);
        if (count < leastRows || rows - count < leastRows) continue;
        const gain = (sum * sum) / count + ((total - sum) * (total - sum)) / (rows - count) - before;
        if (gain > LEAST_GAIN && (best === undefined || gain > best.gain)) best = { feature, bin, missingLeft, gain };
      }
    }
  }
  return best;
}

/** Less is rounding. */
const LEAST_GAIN = 1e-12;

/** Puts the rows of the left side first, in their order. @returns where the right side begins. */
function partition(
  bins: Uint8Array,
  order: Int32Array,
  scratch: Int32Array,
  from: number,
  until: number,
  bin: number,
  missingLeft: boolean,
): number {
  let left = from;
  let right = 0;
  for (let i = from; i < until; i++) {
    const row = order[i];
    const own = bins[row];
    if (own === MISSING_BIN ? missingLeft : own <= bin) order[left++] = row;
    else scratch[right++] = row;
  }
  order.set(scratch.subarray(0, right), left);
  return left;
}

/** Follows the error on later rows, tree by tree. */
class Check {
  best = 0;
  private readonly later: TrainingRows;
  private readonly said: Float64Array;
  private least: number;

  constructor(later: TrainingRows, base: number) {
    this.later = later;
    this.said = new Float64Array(later.targets.length).fill(base);
    this.least = this.error();
  }

  /** Whether no tree of the last `patience` has made it better. */
  isEnough(boosted: Boosted, patience: number): boolean {
    const { columns, targets } = this.later;
    const row = new Float32Array(columns.length);
    for (let i = 0; i < targets.length; i++) {
      for (let f = 0; f < columns.length; f++) row[f] = columns[f][i];
      this.said[i] += leafValue(boosted, boosted.count - 1, row);
    }
    const error = this.error();
    if (error < this.least) {
      this.least = error;
      this.best = boosted.count;
    }
    return boosted.count - this.best >= patience;
  }

  private error(): number {
    return this.later.targets.reduce((sum, target, i) => sum + (target - this.said[i]) ** 2, 0);
  }
}
