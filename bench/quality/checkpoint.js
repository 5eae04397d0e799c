import { emptySlot } from "../../dist/detectors/detector.js";
import { profileSeries } from "../../dist/detectors/family/profile.js";
import { residualDetector } from "../../dist/detectors/residual/residual.js";
import { packDoubles } from "../../dist/watch/pack-doubles.js";

/** Bytes that a scorer which has seen the series is kept in between two runs; null for what needs a model. */
export function checkpointBytes(method, series) {
  if (method !== "residual") return null;
  const { startMs, stepMs, values } = series;
  const scorer = residualDetector(stepMs).open(profileSeries(values));
  const slot = emptySlot();
  values.forEach((value, i) => {
    scorer.push(startMs + i * stepMs, value, slot);
  });
  return packDoubles(scorer.save()).length;
}
