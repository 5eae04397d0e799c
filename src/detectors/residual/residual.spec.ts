import { describe } from "vitest";
import { describeDetector } from "../testing/contract.js";
import { WAVE_STEP_MS } from "../testing/wave.js";
import { residualDetector } from "./residual.js";

describe("residual", () => {
  describeDetector("residual", () => residualDetector(WAVE_STEP_MS));
});
