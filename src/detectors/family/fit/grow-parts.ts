import type { View } from "../../../features/feature-machine.js";
import { type BinnedRows, binColumn, binEdges, edgeStride, type TrainingRows } from "../../../forest/bins.js";
import type { ForestOptions } from "../../../forest/forest-options.js";
import { growTree, type Tree } from "../../../forest/grow-tree.js";
import { sharedUint8 } from "../../../threads/shared.js";

/** One feature of one view. */
export interface BinPart {
  readonly view: View;
  readonly feature: number;
}

export interface BinnedColumn {
  readonly edges: Float32Array;
  /** On memory that all threads share. */
  readonly bins: Uint8Array;
}

/** Cuts features into bins. */
export function openBin(rows: Readonly<Record<View, TrainingRows>>): (part: BinPart) => BinnedColumn {
  return ({ view, feature }) => {
    const column = rows[view].columns[feature];
    const edges = binEdges(column, edgeStride(rows[view]));
    const bins = sharedUint8(column.length);
    bins.set(binColumn(column, edges));
    return { edges, bins };
  };
}

export interface GrowShared {
  readonly rows: Readonly<Record<View, BinnedRows>>;
  readonly options: ForestOptions;
}

/** One tree of one view. */
export interface GrowPart {
  readonly view: View;
  readonly tree: number;
}

/** Grows single trees. */
export function openGrow({ rows, options }: GrowShared): (part: GrowPart) => Tree {
  return ({ view, tree }) => growTree(rows[view], options, tree);
}
