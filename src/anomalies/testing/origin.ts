import type { RecordOrigin } from "../../records/origin.js";

/** An origin in which only what a test is about needs to be said. */
export function testOrigin(part: Partial<RecordOrigin> = {}): RecordOrigin {
  return {
    job: null,
    detector: "family",
    model: "test",
    model_version: "0123456789abcdef",
    threshold: "p99",
    threshold_divisor: 1,
    ...part,
  };
}
