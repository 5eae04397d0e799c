import { dividedDetector } from "../divided.js";
import type { Detector } from "../kind.js";
import { DEFAULT_RESIDUAL } from "./options.js";
import { residualDetector } from "./residual.js";

/** Residuals of each series against its own past; see docs/detection.md. It learns as it scores, so no model is needed. */
export const residual: Detector = {
  name: "residual",
  divisorOf: () => null,
  open: (_, __, { stepMs, timezone, silenceAfterMs, divisor }) => {
    const options = silenceAfterMs === null ? DEFAULT_RESIDUAL : { ...DEFAULT_RESIDUAL, silenceAfterMs };
    return dividedDetector(residualDetector(stepMs, timezone, options), divisor);
  },
};
