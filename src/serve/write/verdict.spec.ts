import { describe, expect, test } from "vitest";
import { unanswered, verdictOf } from "./verdict.js";

const answered = (status: number, text = "", retryAfterMs = 0) => verdictOf({ status, text, retryAfterMs });

describe("verdictOf", () => {
  // Answers of Prometheus 2.42 and VictoriaMetrics 1.79.5, as measured.
  test.each([
    [204, "", { kind: "taken" }],
    [400, "duplicate sample for timestamp", { kind: "refused", cause: "sample" }],
    [400, "out of order sample", { kind: "refused", cause: "sample" }],
    [400, "out of bounds", { kind: "refused", cause: "old" }],
    [500, "too old sample", { kind: "refused", cause: "old" }],
    [500, 'label name "a" is not unique: invalid sample', { kind: "refused", cause: "sample" }],
    [500, "disk full", { kind: "later" }],
    [503, "", { kind: "later" }],
    [404, "remote write receiver needs to be enabled", { kind: "refused", cause: "address" }],
    [401, "", { kind: "later" }],
    [413, "", { kind: "refused", cause: "sample" }],
  ])("%s %s", (status, text, verdict) => {
    expect(answered(status, text)).toMatchObject(verdict);
  });

  test("429 waits as long as it says", () => {
    expect(answered(429, "", 7000)).toMatchObject({ kind: "later", afterMs: 7000, isUncertain: false });
  });

  test("after an answer that did not come, the samples may be there; a connection that was refused brought nothing", () => {
    expect(unanswered("source.reset", "")).toMatchObject({ kind: "later", isUncertain: true });
    expect(unanswered("source.timeout", "")).toMatchObject({ kind: "later", isUncertain: true });
    expect(unanswered("source.unreachable", "")).toMatchObject({ kind: "later", isUncertain: false });
  });
});
