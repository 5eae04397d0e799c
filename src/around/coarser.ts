/** More slots than this in a window are merged: the scan's cost grows with the square, and an onset in 144 parts is fine enough. */
export const MOST_SLOTS = 144;

/** Slots that become one, so that a window has at most `MOST_SLOTS`. */
export function mergeOf(windowSlots: number): number {
  return Math.max(1, Math.ceil(windowSlots / MOST_SLOTS));
}

/** Means of `merge` slots each; NaN is skipped, and a part without values is NaN. Slots left over at the front are dropped. */
export function coarser(values: Float64Array, merge: number): Float64Array {
  if (merge === 1) return values;
  const parts = Math.floor(values.length / merge);
  const front = values.length - parts * merge;
  const out = new Float64Array(parts);
  for (let p = 0; p < parts; p++) {
    let sum = 0;
    let count = 0;
    for (let i = front + p * merge; i < front + (p + 1) * merge; i++) {
      if (values[i] !== values[i]) continue;
      sum += values[i];
      count++;
    }
    out[p] = sum / count;
  }
  return out;
}
