import { descending } from "./auc-pr.js";
import { type LabelledEvent, labelledEvents } from "./events.js";

/** Points of each curve; TSB-AD's default. */
const THRESHOLDS = 250;

/** Volumes under the surfaces of precision-recall and of true- and false-positive rate. */
export interface Volumes {
  readonly pr: number;
  readonly roc: number;
}

/**
 * VUS-PR and VUS-ROC: the area under the curve where events have soft edges of width w, averaged over w = 0 … `window`.
 *
 * Equal to TSB-AD's `RangeAUC_volume_opt` with 250 thresholds. Only slots near an event can carry weight, so only those
 * are sorted and summed.
 *
 * @param score without NaN. @returns NaN without a labelled slot.
 * Source: Paparrizos et al., "Volume under the surface", PVLDB 15(11), 2022.
 */
export function vus(score: Float64Array, label: Uint8Array, window: number): Volumes {
  const n = score.length;
  const events = labelledEvents(label);
  if (events.length === 0) return { pr: Number.NaN, roc: Number.NaN };
  const positives = events.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  const ascending = score.slice().sort();
  const thresholds = Float64Array.from({ length: THRESHOLDS }, (_, k) => ascending[n - 1 - thresholdPlace(k, n)]);
  const flagged = thresholds.map((threshold) => n - lowerBound(ascending, threshold));

  const near = slotsOf(widened(events, window, n));
  const order = descending(Float64Array.from(near, (slot) => score[slot])).map((k) => near[k]);
  const nearAscending = Float64Array.from(order, (slot) => score[slot]).reverse();
  const nearFlagged = thresholds.map((threshold) => order.length - lowerBound(nearAscending, threshold));
  const inEvents = prefixSums(order, (slot) => (label[slot] > 0 ? 1 : 0));

  const weight = new Float64Array(n);
  let pr = 0;
  let roc = 0;
  for (let width = 0; width <= window; width++) {
    for (const slot of near) weight[slot] = label[slot] > 0 ? 1 : 0;
    addEdges(weight, events, width);
    const weights = prefixSums(order, (slot) => Math.min(1, weight[slot]));
    const maxima = widened(events, width, n)
      .map((event) => highest(score, event))
      .sort((a, b) => a - b);
    const last = { fpr: 0, tpr: 0 };
    for (let k = 0; k < THRESHOLDS; k++) {
      const hit = weights[nearFlagged[k]];
      const exists = (maxima.length - lowerBound(maxima, thresholds[k])) / maxima.length;
      const soft = (positives + (positives + hit - inEvents[nearFlagged[k]])) / 2;
      const tpr = Math.min(hit / soft, 1) * exists;
      const fpr = (flagged[k] - hit) / (n - soft);
      pr += ((tpr - last.tpr) * hit) / flagged[k];
      roc += ((fpr - last.fpr) * (tpr + last.tpr)) / 2;
      last.tpr = tpr;
      last.fpr = fpr;
    }
    roc += ((1 - last.fpr) * (1 + last.tpr)) / 2;
  }
  return { pr: pr / (window + 1), roc: roc / (window + 1) };
}

/** `np.linspace(0, n - 1, 250).astype(int)`: the last one is the end itself, not a product that may fall short of it. */
function thresholdPlace(k: number, n: number): number {
  return k === THRESHOLDS - 1 ? n - 1 : Math.trunc(k * ((n - 1) / (THRESHOLDS - 1)));
}

/** Weights √(1 − k/width) on the k-th slot outside an event, up to half the width on each side; edges that meet add up. */
function addEdges(weight: Float64Array, events: readonly LabelledEvent[], width: number): void {
  const half = Math.floor(width / 2);
  for (const { first, last } of events) {
    for (let k = 1; k <= half && last + k < weight.length; k++) weight[last + k] += Math.sqrt(1 - k / width);
    for (let k = 1; k <= half && first - k >= 0; k++) weight[first - k] += Math.sqrt(1 - k / width);
  }
}

/** Events with half the width on each side, those that then touch joined. */
function widened(events: readonly LabelledEvent[], width: number, n: number): LabelledEvent[] {
  const half = Math.floor(width / 2);
  const joined: LabelledEvent[] = [];
  let first = Math.max(events[0].first - half, 0);
  for (let i = 0; i + 1 < events.length; i++) {
    if (events[i].last + half >= events[i + 1].first - half) continue;
    joined.push({ first, last: events[i].last + half });
    first = events[i + 1].first - half;
  }
  joined.push({ first, last: Math.min(events[events.length - 1].last + half, n - 1) });
  return joined;
}

function slotsOf(events: readonly LabelledEvent[]): Int32Array {
  const slots = new Int32Array(events.reduce((sum, { first, last }) => sum + last - first + 1, 0));
  let at = 0;
  for (const { first, last } of events) for (let slot = first; slot <= last; slot++) slots[at++] = slot;
  return slots;
}

function prefixSums(order: ArrayLike<number>, of: (slot: number) => number): Float64Array {
  const sums = new Float64Array(order.length + 1);
  for (let k = 0; k < order.length; k++) sums[k + 1] = sums[k] + of(order[k]);
  return sums;
}

function highest(score: Float64Array, { first, last }: LabelledEvent): number {
  let best = score[first];
  for (let i = first + 1; i <= last; i++) if (score[i] > best) best = score[i];
  return best;
}

/** How many values lie below `x`. */
function lowerBound(ascending: ArrayLike<number>, x: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] < x) low = middle + 1;
    else high = middle;
  }
  return low;
}
