import { MINUTE_MS } from "./duration.js";
import { localToUtcMs } from "./timezone.js";
import { civilToMs, isCivilDate } from "./timezone-civil.js";

/** How a file writes the dates that are not year first. Absent: only what can be read in one way is read. */
export type DayOrder = "day-first" | "month-first";

const CLOCK = String.raw`(?:(?:T|t|,?\s+)(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?`;
const ZONE = String.raw`\s*(Z|z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?`;
const YEAR_FIRST = new RegExp(String.raw`^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})${CLOCK}${ZONE}$`);
const YEAR_LAST = new RegExp(String.raw`^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})${CLOCK}${ZONE}$`);
const NAMED_MONTH = new RegExp(
  String.raw`^(?:[A-Za-z]{3,9},?\s+)??(?:(\d{1,2})[ -]([A-Za-z]{3,9})|([A-Za-z]{3,9}) (\d{1,2}),?)[ -](\d{4})${CLOCK}${ZONE}$`,
);
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/**
 * A date, or a date and time, that can be read in only one way → epoch ms; undefined otherwise.
 *
 * Read: year first (`2025-07-01T21:14:05.250+02:00`, `2025/07/01 21:14`), a named month (`1 Jul 2025`,
 * `Tue, 01 Jul 2025 21:14:05 GMT`), dots with the day first (`01.07.2025`, no country writes those month first), and
 * with `/` or `-` only what `order` or a number above 12 decides. Readings without a zone are in `timezone`.
 *
 * @example parseDateTime("2025-07-01", "UTC") // 1751328000000
 */
export function parseDateTime(text: string, timezone: string, order?: DayOrder): number | undefined {
  let match = YEAR_FIRST.exec(text);
  if (match !== null) return build(match, 5, [match[1], match[3], match[4]].map(Number), timezone);
  match = YEAR_LAST.exec(text);
  if (match !== null) {
    const [first, second, year] = [match[1], match[3], match[4]].map(Number);
    const decided = match[2] === "." ? "day-first" : (order ?? dayOrderOf(first, second));
    if (decided === undefined) return undefined;
    return build(match, 5, decided === "day-first" ? [year, second, first] : [year, first, second], timezone);
  }
  match = NAMED_MONTH.exec(text);
  if (match === null) return undefined;
  const month = MONTHS.indexOf((match[2] ?? match[3]).slice(0, 3).toLowerCase()) + 1;
  return build(match, 6, [Number(match[5]), month, Number(match[1] ?? match[4])], timezone);
}

/** Which of the two numbers in front of a year is the day, where one of them cannot be a month. */
function dayOrderOf(first: number, second: number): DayOrder | undefined {
  if (first > 12 && second <= 12) return "day-first";
  if (second > 12 && first <= 12) return "month-first";
  return undefined;
}

/** The order that a date such as `13/07/2025` gives away for its whole file. */
export function dayOrderIn(text: string): DayOrder | undefined {
  const match = YEAR_LAST.exec(text);
  return match === null || match[2] === "." ? undefined : dayOrderOf(Number(match[1]), Number(match[3]));
}

/** Whether a date is one of those whose day and month cannot be distinguished on their own. */
export function isAmbiguousDate(text: string): boolean {
  const match = YEAR_LAST.exec(text);
  return match !== null && match[2] !== "." && dayOrderOf(Number(match[1]), Number(match[3])) === undefined;
}

/** `clockAt` is the group of the hour; minute, second, fraction and zone follow it. */
function build(
  match: RegExpExecArray,
  clockAt: number,
  [year, month, day]: readonly number[],
  timezone: string,
): number | undefined {
  const [hour, minute, second] = match.slice(clockAt, clockAt + 3).map((part) => Number(part ?? 0));
  const fraction = match[clockAt + 3];
  const zone = match[clockAt + 4];
  if (!isCivilDate(year, month, day) || hour > 24 || minute > 59 || second > 60) return undefined;
  // 24:00 is ISO 8601's end of the day; 24:01 is nothing.
  if (hour === 24 && (minute > 0 || second > 0)) return undefined;
  const fractionMs = fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * 1000 + 1e-6);
  const localMs = civilToMs({ year, month, day, hour, minute, second }) + fractionMs;
  if (zone === undefined) return localToUtcMs(localMs, timezone);
  return localMs - zoneOffsetMs(zone);
}

function zoneOffsetMs(zone: string): number {
  const match = /^([+-])(\d\d):?(\d\d)?$/.exec(zone);
  if (match === null) return 0;
  const size = (Number(match[2]) * 60 + Number(match[3] ?? 0)) * MINUTE_MS;
  return match[1] === "-" ? -size : size;
}
