/**
 * The area under the precision-recall curve over single slots: average precision, as scikit-learn's
 * `average_precision_score`. Equal scores are one step of the curve, so a constant score gets the share of labelled slots.
 *
 * @param score without NaN. @returns NaN without a labelled slot, where there is nothing to recall.
 */
export function aucPr(score: Float64Array, label: Uint8Array): number {
  const order = descending(score);
  let positives = 0;
  for (const value of label) if (value > 0) positives++;
  if (positives === 0) return Number.NaN;
  let hits = 0;
  let recallBefore = 0;
  let area = 0;
  for (let k = 0; k < order.length; k++) {
    if (label[order[k]] > 0) hits++;
    if (k + 1 < order.length && score[order[k + 1]] === score[order[k]]) continue;
    const recall = hits / positives;
    area += (recall - recallBefore) * (hits / (k + 1));
    recallBefore = recall;
  }
  return area;
}

/** Slots from the highest score to the lowest, equals in order of time. */
export function descending(score: Float64Array): Uint32Array {
  // A plain sort of numbers is several times as fast as one with a comparison: rank by value first.
  const order = Uint32Array.from(score, (_, i) => i);
  return order.sort((a, b) => score[b] - score[a] || a - b);
}
