import { normal, seededRandom } from "../math/random.js";

/** How an isolation forest is grown. */
export interface IsolationOptions {
  readonly trees: number;
  /** Rows that each tree is grown of, drawn without replacement; a power of two. */
  readonly sample: number;
  /** Coordinates beside the first that a cut may be slanted in: 0 is the plain isolation forest, `dimensions - 1` cuts in every direction. */
  readonly extension: number;
  readonly seed: number;
}

/**
 * A forest as flat arrays, a tree after the other, each as a heap: the children of node `i` are `2i + 1` and `2i + 2`. A node is cut by the plane
 * `normal · x = offset`; at a leaf `size` is the number of rows that ended there, at a cut it is `CUT`.
 */
export interface IsolationForest {
  readonly dimensions: number;
  readonly trees: number;
  /** Nodes of a tree that may be cut, 2^depth − 1: a tree has them and as many leaves below them, and one more. */
  readonly cuts: number;
  readonly normals: Float32Array;
  readonly offsets: Float32Array;
  readonly sizes: Int16Array;
  /** Rows that each tree was grown of; 0 before it is grown. */
  sample: number;
}

const CUT = -1;
const EULER = 0.5772156649015329;

/** A forest of the size that the options need, with nothing in it. */
export function emptyIsolation(dimensions: number, { trees, sample }: IsolationOptions): IsolationForest {
  const cuts = 2 ** depthOf(sample) - 1;
  return {
    ...{ dimensions, trees, cuts, sample: 0 },
    normals: new Float32Array(trees * cuts * dimensions),
    offsets: new Float32Array(trees * cuts),
    sizes: new Int16Array(trees * (2 * cuts + 1)),
  };
}

/**
 * Grows an extended isolation forest: every node is cut by a plane of random direction through a random point of the box around its rows, until a row is alone
 * or the tree is log2(sample) deep.
 *
 * Source: Liu, Ting, Zhou, "Isolation forest", ICDM (2008); Hariri, Carrasco Kind, Brunner, "Extended isolation forest", IEEE TKDE 33 (2019).
 *
 * @param rows one after the other, without NaN, scaled so that a unit is alike in all dimensions. @param count of rows, at least two.
 * @param into `emptyIsolation` of the same options.
 */
export function growIsolation(
  rows: Float32Array,
  count: number,
  options: IsolationOptions,
  into: IsolationForest,
): void {
  const random = seededRandom(options.seed);
  into.sample = Math.min(options.sample, count);
  into.normals.fill(0);
  into.offsets.fill(0);
  into.sizes.fill(0);
  const order = Int32Array.from({ length: count }, (_, i) => i);
  const cutter = new Cutter(rows, order, into, Math.min(options.extension, into.dimensions - 1), random);
  for (let tree = 0; tree < into.trees; tree++) {
    // The first places of a shuffle are a sample without replacement.
    for (let i = 0; i < into.sample; i++) {
      const other = i + Math.floor(random() * (count - i));
      [order[i], order[other]] = [order[other], order[i]];
    }
    cutter.cut(tree, 0, 0, into.sample, depthOf(into.sample));
  }
}

/** Grows the nodes of one tree after the other; rows are parted in place. */
class Cutter {
  private readonly lowest: Float64Array;
  private readonly highest: Float64Array;
  private readonly varying: Int32Array;
  private readonly rows: Float32Array;
  private readonly order: Int32Array;
  private readonly into: IsolationForest;
  private readonly extension: number;
  private readonly random: () => number;

  constructor(rows: Float32Array, order: Int32Array, into: IsolationForest, extension: number, random: () => number) {
    this.rows = rows;
    this.order = order;
    this.into = into;
    this.extension = extension;
    this.random = random;
    this.lowest = new Float64Array(into.dimensions);
    this.highest = new Float64Array(into.dimensions);
    this.varying = new Int32Array(into.dimensions);
  }

  /** @param left levels that may follow below `node`. */
  cut(tree: number, node: number, from: number, until: number, left: number): void {
    const { sizes, offsets, cuts } = this.into;
    const varying = left > 0 && until - from > 1 ? this.findBox(from, until) : 0;
    const place = tree * (2 * cuts + 1) + node;
    if (varying === 0) {
      sizes[place] = until - from;
      return;
    }
    sizes[place] = CUT;
    const at = tree * cuts + node;
    offsets[at] = this.plane(at, varying);
    const middle = this.part(at, from, until);
    this.cut(tree, 2 * node + 1, from, middle, left - 1);
    this.cut(tree, 2 * node + 2, middle, until, left - 1);
  }

  /** The box around rows. @returns how many of its sides have a length; these come first in `varying`. */
  private findBox(from: number, until: number): number {
    const { rows, order, lowest, highest, varying } = this;
    const { dimensions } = this.into;
    lowest.fill(Number.POSITIVE_INFINITY);
    highest.fill(Number.NEGATIVE_INFINITY);
    for (let i = from; i < until; i++) {
      const row = order[i] * dimensions;
      for (let d = 0; d < dimensions; d++) {
        const value = rows[row + d];
        if (value < lowest[d]) lowest[d] = value;
        if (value > highest[d]) highest[d] = value;
      }
    }
    let count = 0;
    for (let d = 0; d < dimensions; d++) if (highest[d] > lowest[d]) varying[count++] = d;
    return count;
  }

  /** Draws a direction and a point of the box. @returns where the plane through the point lies along the direction. */
  private plane(at: number, count: number): number {
    const { varying, lowest, highest, random } = this;
    const { normals, dimensions } = this.into;
    let offset = 0;
    for (let i = 0; i <= Math.min(this.extension, count - 1); i++) {
      const other = i + Math.floor(random() * (count - i));
      [varying[i], varying[other]] = [varying[other], varying[i]];
      const d = varying[i];
      // Of one dimension the direction says nothing but which child is which.
      const slant = Math.fround(this.extension === 0 ? 1 : normal(random));
      normals[at * dimensions + d] = slant;
      offset += slant * (lowest[d] + random() * (highest[d] - lowest[d]));
    }
    return offset;
  }

  /** Rows on the near side of the plane come first. @returns where those on the far side begin. */
  private part(at: number, from: number, until: number): number {
    const { rows, order, into } = this;
    let middle = from;
    for (let i = from; i < until; i++) {
      if (!isNear(into, at, rows, order[i] * into.dimensions)) continue;
      [order[i], order[middle]] = [order[middle], order[i]];
      middle++;
    }
    return middle;
  }
}

/** `begin`: of the row. */
function isNear({ normals, offsets, dimensions }: IsolationForest, at: number, rows: Float32Array, begin: number) {
  let along = 0;
  for (let d = 0, n = at * dimensions; d < dimensions; d++) along += normals[n + d] * rows[begin + d];
  return along <= offsets[at];
}

/**
 * How much sooner than an average row one is cut off from the others: c(sample) / mean path length. 1 is average, 2 is suspicious. The score of the papers is
 * 2^(−1 / this), see `isolationScore`.
 *
 * @param row as many numbers as the forest has dimensions, without NaN.
 */
export function isolationOf(forest: IsolationForest, row: Float32Array): number {
  const { trees, cuts, sizes, sample } = forest;
  let length = 0;
  for (let tree = 0; tree < trees; tree++) {
    let node = 0;
    let depth = 0;
    const base = tree * (2 * cuts + 1);
    for (; sizes[base + node] === CUT; depth++) {
      node = 2 * node + (isNear(forest, tree * cuts + node, row, 0) ? 1 : 2);
    }
    length += depth + averagePath(sizes[base + node]);
  }
  return (averagePath(sample) * trees) / length;
}

/** The anomaly score of the papers, s = 2^(−E h / c): 0.5 is average, towards 1 anomalous. @param isolation as `isolationOf` gives it. */
export function isolationScore(isolation: number): number {
  return 2 ** (-1 / isolation);
}

/** c(n): the average path length of an unsuccessful search in a binary search tree of n rows, 2 H(n − 1) − 2 (n − 1) / n. */
export function averagePath(rows: number): number {
  if (rows < 2) return 0;
  if (rows === 2) return 1;
  return 2 * (Math.log(rows - 1) + EULER) - (2 * (rows - 1)) / rows;
}

function depthOf(sample: number): number {
  return Math.max(1, Math.ceil(Math.log2(sample)));
}
