import { describe, expect, test } from "vitest";
import { profileSeries } from "../detectors/family/profile.js";
import { residualDetector } from "../detectors/residual/residual.js";
import { wave } from "../detectors/testing/wave.js";
import { endMs } from "../series/series.js";
import { evidenceOf, replayEvidence } from "./evidence.js";
import { DEFAULT_KNOBS } from "./knobs.js";
import { recordsOf } from "./records-of.js";
import { testOrigin } from "./testing/origin.js";
import { traceSeries } from "./trace.js";

describe("evidence", () => {
  test("gives the score to the last bit after a way through JSON, with gaps in it", () => {
    const series = wave(9, 41);
    series.values[610] = 61.7;
    series.values.fill(Number.NaN, 300, 304);
    const detector = residualDetector(series.stepMs);
    const profile = profileSeries(series.values);
    const trace = traceSeries(detector, profile, series, endMs(series));
    const request = {
      knobs: DEFAULT_KNOBS,
      fromMs: series.startMs,
      untilMs: endMs(series),
      origin: testOrigin(),
      detectedAtMs: endMs(series),
      targetOf: () => "t",
      unit: null,
    };
    const record = recordsOf(trace, request, []).find(({ observed }) => observed === 61.7);
    if (record === undefined) throw new Error("the outlier has no record");
    const evidence = JSON.parse(JSON.stringify(evidenceOf(trace, profile, record)));
    expect(evidence.values).toHaveLength(611);
    const { score, explanation } = replayEvidence(evidence, detector);
    expect(score).toBe(trace.score[610]);
    expect(score).toBe(evidence.score);
    expect(explanation).toEqual(trace.explained.get(610));
  });
});
