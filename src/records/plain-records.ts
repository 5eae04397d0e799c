import { isObject } from "../errors/parsed.js";
import { type AnomalyRecord, RECORD_SCHEMA } from "./record.js";

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isAbsent: Check = (value) => value === undefined;
const isFigure: Check = (value) => value === null || Number.isFinite(value);
const isTime: Check = (value) =>
  typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value) && !Number.isNaN(Date.parse(value));
const isOneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    typeof value === "string" && words.includes(value);
const isAtLeast0: Check = (value) => Number.isFinite(value) && Number(value) >= 0;

/** The fields that `infer` writes, each with the narrowest test of what it writes there. */
const FIELDS: Readonly<Record<keyof AnomalyRecord, Check>> = {
  schema: isOneOf(RECORD_SCHEMA),
  machine: isText,
  aggregator: isText,
  timestamp: isTime,
  severity: isOneOf("low", "medium", "high", "critical"),
  id: (value) => typeof value === "string" && value !== "",
  kind: isOneOf("spike", "drop", "level_shift", "drift", "stall", "variance", "silence", "lateness", "group"),
  series: isText,
  target: isText,
  labels: (value) => isObject(value) && Object.values(value).every(isText),
  start: isTime,
  alerted_at: isTime,
  end: isTime,
  status: isOneOf("open", "closed"),
  duration_s: isAtLeast0,
  points: isAtLeast0,
  step_s: (value) => isAtLeast0(value) && value !== 0,
  score: (value) => Number.isFinite(value),
  observed: isFigure,
  expected: isFigure,
  lower: isFigure,
  upper: isFigure,
  direction: isOneOf("up", "down", "none"),
  // Records of an older writer lack it; what is in it is only for showing, so a look at its outside will do.
  explanation: (value) => value === undefined || value === null || typeof value === "object",
  reasons: (value) => Array.isArray(value) && value.every(isText),
  unit: (value) => value === null || isText(value),
  model: isText,
  model_version: (value) => value === null || isText(value),
  detector: isText,
  threshold: (value) => value === null || isText(value),
  threshold_divisor: isFigure,
  job: (value) => value === null || isText(value),
  datasource_uid: (value) => value === undefined || isText(value),
  detected_at: isTime,
  confidence: (value) => value === undefined || (isAtLeast0(value) && Number(value) <= 1),
  // What events add is rare: the schema reads such a file.
  member_count: isAbsent,
  members: isAbsent,
  left_out: isAbsent,
  events: isAbsent,
  suppressed_by: isAbsent,
  likely_cause: isAbsent,
  adjusted_by: isAbsent,
};
const CHECKS = Object.entries(FIELDS);

/**
 * The records of a file that `infer` has written itself, one a line, without the schema's library: loading that takes as long as
 * the whole look at one series.
 *
 * @returns undefined where anything is not just so; `readRecords` then reads it or says what is wrong.
 */
export function plainRecords(text: string): AnomalyRecord[] | undefined {
  const records: AnomalyRecord[] = [];
  for (const line of text.split("\n")) {
    if (line === "") continue;
    let record: unknown;
    try {
      record = JSON.parse(line);
    } catch {
      return undefined;
    }
    if (!isPlainRecord(record)) return undefined;
    records.push(record);
  }
  return records;
}

function isPlainRecord(value: unknown): value is AnomalyRecord {
  if (typeof value !== "object" || value === null || Array.isArray(value) || "context" in value) return false;
  const record = value as Readonly<Record<string, unknown>>;
  if (!CHECKS.every(([field, isRight]) => isRight(record[field]))) return false;
  return Date.parse(String(record["start"])) <= Date.parse(String(record["end"]));
}
