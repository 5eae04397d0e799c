import { type AnomalyRecord, RECORD_SCHEMA } from "../record.js";

/** A record in which only what a test is about needs to be said. */
export function testRecord(part: Partial<AnomalyRecord> = {}): AnomalyRecord {
  return {
    schema: RECORD_SCHEMA,
    machine: "n1",
    aggregator: "a",
    timestamp: "2025-07-01T10:00:00Z",
    severity: "high",
    id: "id-1",
    kind: "spike",
    series: "n1.a",
    target: "n1.a",
    labels: { machine: "n1", aggregator: "a" },
    start: "2025-07-01T10:00:00Z",
    alerted_at: "2025-07-01T10:20:00Z",
    end: "2025-07-01T11:00:00Z",
    status: "open",
    duration_s: 3600,
    points: 3,
    step_s: 1200,
    score: 2,
    observed: 1,
    expected: 0.5,
    lower: 0.4,
    upper: 0.6,
    direction: "up",
    reasons: ["4.1x above the band"],
    unit: null,
    model: "default",
    detected_at: "2025-07-01T11:00:00Z",
    ...part,
  };
}
