/** A counter rises in at least this share of its steps; a gauge that happens to rise for a while also falls. */
const RISING_SHARE = 0.2;
/** Restarts that a day's stretch may hold. */
const RESETS_A_DAY = 1;

/** Whether a series is a counter by its values: it rises often and never falls, but for a restart a day. NaN is skipped. */
export function isCounter(days: readonly Float64Array[]): boolean {
  let rises = 0;
  let falls = 0;
  let pairs = 0;
  for (const values of days) {
    let last = Number.NaN;
    for (const value of values) {
      if (value !== value) continue;
      if (value > last) rises++;
      else if (value < last) falls++;
      if (last === last) pairs++;
      last = value;
    }
    if (falls > RESETS_A_DAY * days.length) return false;
  }
  return rises >= RISING_SHARE * pairs && rises > 0;
}

/** What a counter has risen by in each slot; after a restart all of its value is increase, after a gap the mean a slot. */
export function increases(values: Float64Array): Float64Array {
  const out = new Float64Array(values.length).fill(Number.NaN);
  let last = Number.NaN;
  let lastSlot = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value !== value) continue;
    if (last === last) out[i] = (value >= last ? value - last : value) / (i - lastSlot);
    last = value;
    lastSlot = i;
  }
  return out;
}
