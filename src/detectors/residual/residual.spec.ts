import { describe } from "vitest";
import { HOUR_MS, MINUTE_MS } from "../../time/duration.js";
import { describeDetector } from "../testing/contract.js";
import { describeClockChanges } from "../testing/contract-clock.js";
import { describeFinite } from "../testing/contract-finite.js";
import { residualDetector } from "./residual.js";

const STEPS_MS = [MINUTE_MS, 5 * MINUTE_MS, 20 * MINUTE_MS, HOUR_MS];

describe.each(STEPS_MS)("residual at steps of %d ms", (stepMs) => {
  describeDetector("residual", () => residualDetector(stepMs));
  describeFinite("residual", () => residualDetector(stepMs));
});

describeClockChanges("residual", STEPS_MS, residualDetector);
