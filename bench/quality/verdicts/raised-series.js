/** The baseline: a false alarm raises the threshold of its whole series to just above it, by half at most, half of it gone after 14 days. */
export const raisedSeries = {
  isHeld: (record, judged) => record.score < limitAt(record, judged),
  heard: (score, { startMs, stepMs }, record, judged) => {
    const limit = limitAt(record, judged);
    if (limit === 1) return score;
    const heard = Float64Array.from(score);
    const last = Math.round((Date.parse(record.end) - startMs) / stepMs);
    for (let i = Math.round((Date.parse(record.start) - startMs) / stepMs); i < last; i++) {
      if (heard[i] >= limit) break;
      if (heard[i] >= 1) heard[i] = 0.999;
    }
    return heard;
  },
};

const MOST = 1.5;
const HALF_LIFE_MS = 14 * 86_400_000;
const JUST_ABOVE = 1.0001;

function limitAt({ alerted_at }, judged) {
  return judged.reduce((limit, { verdict, look, at }) => {
    const ageMs = Date.parse(alerted_at) - Date.parse(at);
    if (verdict !== "false" || ageMs < 0) return limit;
    return Math.max(limit, 1 + (Math.min(MOST, look.score * JUST_ABOVE) - 1) * 2 ** (-ageMs / HALF_LIFE_MS));
  }, 1);
}
