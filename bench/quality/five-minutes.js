const SLOTS = 5;

/** A one-minute series as means of five minutes; a slot is labelled if any of its minutes is, and empty if all of them are. */
export function inFiveMinutes(input) {
  const { series, label } = input;
  const stepMs = SLOTS * series.stepMs;
  const startMs = Math.floor(series.startMs / stepMs) * stepMs;
  const before = (series.startMs - startMs) / series.stepMs;
  const slots = Math.ceil((before + series.values.length) / SLOTS);
  const sums = new Float64Array(slots);
  const counts = new Float64Array(slots);
  const labels = new Uint8Array(slots);
  series.values.forEach((value, i) => {
    const slot = Math.floor((before + i) / SLOTS);
    labels[slot] |= label[i];
    if (Number.isNaN(value)) return;
    sums[slot] += value;
    counts[slot]++;
  });
  const values = sums.map((sum, slot) => (counts[slot] === 0 ? Number.NaN : sum / counts[slot]));
  return { ...input, series: { ...series, startMs, stepMs, values }, label: labels };
}
