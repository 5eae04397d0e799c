import { describe, expect, test } from "vitest";
import { EMPTY_INVENTORY } from "../../series/inventory.js";
import { HOUR_MS, MINUTE_MS } from "../../time/duration.js";
import { checkDetector } from "../check-detector.js";
import { describeDetector } from "../testing/contract.js";
import { describeFinite } from "../testing/contract-finite.js";
import { pattern } from "./detector.js";

function opened(stepMin: number) {
  const settings = { stepMs: stepMin * MINUTE_MS, timezone: "UTC", silenceAfterMs: 2 * HOUR_MS, divisor: 1 };
  return pattern.open(null, EMPTY_INVENTORY, settings);
}

for (const step of [1, 5, 20, 60]) {
  describeDetector(`pattern, ${step} min`, () => opened(step));
  describeFinite(`pattern, ${step} min`, () => opened(step));
}

describe("what a detector of one's own must pass", () => {
  test.each([...checkDetector(pattern)])("$promise", ({ failure }) => expect(failure).toBeNull());
});
