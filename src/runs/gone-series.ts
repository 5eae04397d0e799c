import { detectPaused } from "../anomalies/detect.js";
import type { DetectRequest, Problem } from "../anomalies/detect-request.js";
import type { Paused } from "../anomalies/trace.js";
import type { AnomalyRecord } from "../records/record.js";
import { seriesKey } from "../series/series.js";

/**
 * The silences of series that the model was trained on and of which the source has nothing at all, not even their past: a metric
 * that was renamed or removed. Looked at as what they are, a history without a value, so that each is one episode that stays
 * open and keeps its id; its state stays `no_data`.
 *
 * A source that failed says nothing of what is there, so only `no_data` counts.
 */
export function* silencesOfGone(
  request: Omit<DetectRequest, "series" | "problems">,
  problems: readonly Problem[],
): Paused<readonly AnomalyRecord[]> {
  const { inventory, detector, fromMs, untilMs } = request;
  const { stepMs, historyMs } = detector;
  const gone = new Set(problems.filter(({ kind }) => kind === "no_data").map(({ labels }) => seriesKey(labels)));
  const startMs = Math.floor((fromMs - historyMs) / stepMs) * stepMs;
  const slots = Math.max(0, Math.floor((untilMs - startMs) / stepMs));
  const series = inventory.series
    .filter(({ labels }) => gone.has(seriesKey(labels)))
    .map(({ name, labels }) => {
      const values = new Float64Array(slots).fill(Number.NaN);
      // A silence is one only of a series that has spoken: the usual value stands for all that was learned from it. A detector that
      // learns as it scores has to see it for longer than its warm-up: it says nothing of a series that ended with that.
      const learned = detector.learnedOf(seriesKey(labels));
      const spoken = detector.describesAfterMs === 0 ? Math.ceil((3 * detector.warmUpMs) / stepMs) : 1;
      values.fill(learned === undefined ? 0 : detector.usualOf(learned), 0, spoken);
      return { name, labels, startMs, stepMs, values };
    });
  return (yield* detectPaused({ ...request, series, problems: [] })).records;
}
