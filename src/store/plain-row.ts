import { isObject } from "../errors/parsed.js";
import { ROW_ID } from "./row-id.js";
import type { ChangeRow, EpisodeRow } from "./rows.js";
import type { TableName } from "./tables.js";

type Check = (value: unknown) => boolean;

const isId: Check = (value) => typeof value === "string" && ROW_ID.test(value);
const isName: Check = (value) =>
  typeof value === "string" && value.length <= 1000 && !value.includes("\0") && !/[\uD800-\uDFFF]/u.test(value);
const isTime: Check = (value) =>
  typeof value === "string" && /^\d{4}-\d\d-\d\dT.*Z$/.test(value) && !Number.isNaN(Date.parse(value));
const isTextOrNull: Check = (value) => value === null || typeof value === "string";
const isOneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    typeof value === "string" && words.includes(value);

// As `rows.ts` says it.
const EPISODE: Readonly<Record<Exclude<keyof EpisodeRow, number>, Check>> = {
  id: isId,
  job: (value) => value === null || isName(value),
  machine: isName,
  kind: isName,
  severity: isOneOf("low", "medium", "high", "critical"),
  status: isOneOf("open", "closed"),
  start: isTime,
  end: isTime,
  found_at: isTime,
  updated_at: isTime,
  record: isObject,
};
const CHANGE: Readonly<Record<Exclude<keyof ChangeRow, number>, Check>> = {
  id: isId,
  episode: isId,
  at: isTime,
  change: isOneOf("opened", "severity_raised", "severity_lowered", "kind_changed", "closed", "reopened", "adjusted"),
  was: isTextOrNull,
  now: isTextOrNull,
};
const CHECKS: Partial<Record<TableName, readonly (readonly [string, Check])[]>> = {
  episodes: Object.entries(EPISODE),
  changes: Object.entries(CHANGE),
};

/**
 * Whether a row is one of those that runs write, just as they write it: then the schema's library, whose loading takes a fifth of a short run, is
 * not needed. Of others it says nothing.
 */
export function isPlainRow(table: TableName, row: unknown): boolean {
  const checks = CHECKS[table];
  return (
    checks !== undefined &&
    isObject(row) &&
    checks.every(([name, isRight]) => isRight((row as Readonly<Record<string, unknown>>)[name]))
  );
}
