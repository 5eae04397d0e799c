import { describe, expect, test } from "vitest";
import { EMPTY_INVENTORY } from "../../series/inventory.js";
import { HOUR_MS, MINUTE_MS } from "../../time/duration.js";
import { checkDetector } from "../check-detector.js";
import { describeDetector } from "../testing/contract.js";
import { describeFinite } from "../testing/contract-finite.js";
import { decomposition } from "./detector.js";

function opened(stepMin: number) {
  const timezone = stepMin === 20 ? "Europe/Berlin" : "UTC";
  const settings = { stepMs: stepMin * MINUTE_MS, timezone, silenceAfterMs: 2 * HOUR_MS, divisor: 1 };
  return decomposition.open(null, EMPTY_INVENTORY, settings);
}

for (const step of [1, 5, 20, 60]) {
  describeDetector(`decomposition, ${step} min`, () => opened(step));
}

describeFinite("decomposition", () => opened(20));

describe("what a detector of one's own must pass", () => {
  test.each([...checkDetector(decomposition)])("$promise", ({ failure }) => expect(failure).toBeNull());
});
