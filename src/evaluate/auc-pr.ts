/**
 * The area under the precision-recall curve over single slots: average precision, as scikit-learn's
 * `average_precision_score`. Equal scores are one step of the curve, so a constant score gets the share of labelled slots.
 *
 * @param score without NaN. @returns NaN without a labelled slot, where there is nothing to recall.
 */
export function aucPr(score: Float64Array, label: Uint8Array): number {
  const labelled = score.filter((_, i) => label[i] > 0).sort();
  if (labelled.length === 0) return Number.NaN;
  // Numbers sort several times as fast by themselves as their places do. The curve only climbs where a labelled slot is met.
  const all = score.slice().sort();
  let hits = 0;
  let passed = 0;
  let recallBefore = 0;
  let area = 0;
  while (hits < labelled.length) {
    const threshold = labelled[labelled.length - 1 - hits];
    while (hits < labelled.length && labelled[labelled.length - 1 - hits] === threshold) hits++;
    while (passed < all.length && all[all.length - 1 - passed] >= threshold) passed++;
    const recall = hits / labelled.length;
    area += (recall - recallBefore) * (hits / passed);
    recallBefore = recall;
  }
  return area;
}

/** Slots from the highest score to the lowest, equals in order of time. */
export function descending(score: Float64Array): Uint32Array {
  const order = Uint32Array.from(score, (_, i) => i);
  return order.sort((a, b) => score[b] - score[a] || a - b);
}
