import { UsageError } from "../errors/errors.js";

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
export const WEEK_MS = 7 * DAY_MS;

/** Units by the names Graphite, Prometheus and people use. A month is 30 days and a year 365, as in Graphite. */
const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: SECOND_MS,
  sec: SECOND_MS,
  second: SECOND_MS,
  seconds: SECOND_MS,
  m: MINUTE_MS,
  min: MINUTE_MS,
  mins: MINUTE_MS,
  minute: MINUTE_MS,
  minutes: MINUTE_MS,
  h: HOUR_MS,
  hour: HOUR_MS,
  hours: HOUR_MS,
  d: DAY_MS,
  day: DAY_MS,
  days: DAY_MS,
  w: WEEK_MS,
  week: WEEK_MS,
  weeks: WEEK_MS,
  mon: 30 * DAY_MS,
  month: 30 * DAY_MS,
  months: 30 * DAY_MS,
  y: 365 * DAY_MS,
  year: 365 * DAY_MS,
  years: 365 * DAY_MS,
};

const PART = /(\d+(?:\.\d+)?)\s*([a-z]+)\s*/gi;

/**
 * Milliseconds of a duration: `90s`, `5min`, `24h`, `1h30m`, `7d`. The result is positive. Units are read in any case
 * but for `M`, which is a month to some and a minute to others.
 *
 * @throws UsageError for anything else; a bare number is refused, because its unit would be a guess.
 * @example parseDuration("1h30m") // 5400000
 */
export function parseDuration(text: string): number {
  const parts = [...text.trim().matchAll(PART)];
  const readWhole = parts.map((part) => part[0]).join("") === text.trim();
  const totalMs = parts.reduce((sum, [, count, unit]) => sum + Number(count) * unitMs(unit), 0);
  if (readWhole && totalMs > 0) return totalMs;
  throw new UsageError(
    "duration",
    `"${text}" is not a duration; write a number with a unit, such as 90s, 5min, 24h, 7d or 1mon`,
  );
}

/** NaN for a unit that is none. */
function unitMs(unit: string): number {
  return unit === "M" ? Number.NaN : (UNIT_MS[unit.toLowerCase()] ?? Number.NaN);
}

/**
 * The shortest exact way to write a duration with at most two units.
 *
 * @example formatDuration(5_400_000) // "1h30m"
 */
export function formatDuration(durationMs: number): string {
  if (durationMs < SECOND_MS) return `${Math.round(durationMs)}ms`;
  const units: readonly (readonly [string, number])[] = [
    ["d", DAY_MS],
    ["h", HOUR_MS],
    ["m", MINUTE_MS],
    ["s", SECOND_MS],
  ];
  const first = units.findIndex(([, unitMs]) => durationMs >= unitMs);
  const [name, unitMs] = units[first];
  // 7d and 24h are how windows and lags are written everywhere else, so whole days up to 3 stay in hours.
  if (name === "d" && durationMs < 4 * DAY_MS && durationMs % HOUR_MS === 0) return `${durationMs / HOUR_MS}h`;
  const whole = Math.floor(durationMs / unitMs);
  const next = units[first + 1];
  const rest = next === undefined ? 0 : Math.round((durationMs - whole * unitMs) / next[1]);
  // A rest that rounds up to a whole larger unit is one: never 1d24h or 1h60m.
  if (next !== undefined && rest * next[1] === unitMs) return formatDuration((whole + 1) * unitMs);
  return rest === 0 ? `${whole}${name}` : `${whole}${name}${rest}${next[0]}`;
}
