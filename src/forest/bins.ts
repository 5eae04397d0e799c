/** Bins of one feature: 0 … edges.length for values, the last one (MISSING_BIN) for NaN. */
export const MISSING_BIN = 255;
/** One byte a value, less the bin of NaN. */
const MAX_EDGES = MISSING_BIN - 1;

/** Rows for growing: `columns[f][i]` is feature f of row i (NaN is missing), `targets[i]` its target (finite). */
export interface TrainingRows {
  readonly columns: readonly Float32Array[];
  readonly targets: Float32Array;
}

/** The same rows once every feature is cut into bins. */
export interface BinnedRows {
  readonly bins: readonly Uint8Array[];
  readonly edges: readonly Float32Array[];
  readonly targets: Float32Array;
}

/** Edges are quantiles; this many values place 254 of them well enough. */
const EDGE_SAMPLE = 50_000;

/** Every how many rows `binEdges` looks at. */
export function edgeStride({ targets }: TrainingRows): number {
  return Math.max(1, Math.floor(targets.length / EDGE_SAMPLE));
}

/**
 * Cuts a feature into at most 255 bins of about equal counts. A value v falls in the first bin i with v <= edges[i], and
 * behind the last edge otherwise, so a split "bin <= i" is exactly "value <= edges[i]".
 *
 * @param column values of one feature over the rows; NaN is skipped.
 * @param sampleStride looks at every n-th value only; the edges are quantiles and do not need all.
 * @returns ascending, distinct edges; empty for a constant or absent feature.
 */
export function binEdges(column: Float32Array, sampleStride: number): Float32Array {
  const sample = new Float32Array(Math.ceil(column.length / sampleStride));
  let n = 0;
  for (let i = 0; i < column.length; i += sampleStride) if (column[i] === column[i]) sample[n++] = column[i];
  const sorted = sample.subarray(0, n).sort();
  const edges: number[] = [];
  for (let cut = 1; cut <= MAX_EDGES; cut++) {
    const value = sorted[Math.floor((cut * n) / (MAX_EDGES + 1))];
    // An edge at the maximum would leave nothing behind it.
    if (n > 0 && (edges.length === 0 || value > edges[edges.length - 1]) && value < sorted[n - 1]) edges.push(value);
  }
  return Float32Array.from(edges);
}

/** The bin of each value, by binary search; NaN is MISSING_BIN. */
export function binColumn(column: Float32Array, edges: Float32Array): Uint8Array {
  const bins = new Uint8Array(column.length);
  for (let i = 0; i < column.length; i++) {
    const value = column[i];
    if (value !== value) {
      bins[i] = MISSING_BIN;
      continue;
    }
    let low = 0;
    let high = edges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (value <= edges[middle]) high = middle;
      else low = middle + 1;
    }
    bins[i] = low;
  }
  return bins;
}
