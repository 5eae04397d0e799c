import { type AnomalyRecord, RECORD_SCHEMA } from "../../records/record.js";
import { formatUtc } from "../../time/format.js";

const T0 = Date.parse("2025-07-01T00:00:00Z");
const MINUTE = 60_000;

/** A record that begins this many minutes into a day and lasts half an hour. */
export function at(minute: number, machine: string, part: Partial<AnomalyRecord> = {}): AnomalyRecord {
  const start = formatUtc(T0 + minute * MINUTE);
  return {
    schema: RECORD_SCHEMA,
    machine,
    aggregator: "a",
    timestamp: start,
    severity: "low",
    id: `${machine}-${minute}`,
    kind: "drop",
    series: machine,
    target: machine,
    labels: { machine, aggregator: "a" },
    start,
    alerted_at: start,
    end: formatUtc(T0 + (minute + 30) * MINUTE),
    status: "closed",
    duration_s: 1800,
    points: 2,
    step_s: 1200,
    score: 1.5,
    observed: 0,
    expected: 1,
    lower: 0.5,
    upper: 1.5,
    direction: "down",
    reasons: ["zero for 20m"],
    unit: null,
    model: "m",
    detected_at: start,
    ...part,
  } as AnomalyRecord;
}
