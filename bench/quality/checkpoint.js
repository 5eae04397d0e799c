import { profileSeries } from "../../dist/detectors/family/profile.js";
import { residualDetector } from "../../dist/detectors/residual/residual.js";

/** Bytes that a scorer of the series is kept in between two runs; null for what needs a model. */
export function checkpointBytes(method, { stepMs, values }) {
  if (method !== "residual") return null;
  return residualDetector(stepMs).open(profileSeries(values)).save().byteLength;
}
