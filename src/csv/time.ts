import { epochToMs, OLDEST_TIME_MS } from "../time/instant-epoch.js";
import { type DayOrder, parseDateTime } from "../time/instant-iso.js";
import { localToUtcMs } from "../time/timezone.js";
import { daysFromCivil, isCivilDate } from "../time/timezone-civil.js";

/** Times from here on are as surely a misreading as those before 2000. */
export const NEWEST_TIME_MS = 4_102_444_800_000; // 2100-01-01T00:00:00Z

/** Why a time cell cannot be used, or undefined for a time that can. */
export function timeProblem(timeMs: number): string | undefined {
  if (timeMs !== timeMs) return "not a time that can be read for certain";
  if (timeMs < OLDEST_TIME_MS) return "times before 2000-01-01 are taken for a wrong unit or a wrong column";
  if (timeMs >= NEWEST_TIME_MS) return "times after 2100-01-01 are taken for a wrong unit or a wrong column";
  return undefined;
}

/** Reads the time that `bytes[start, end)` spells → epoch ms; NaN where it is none. */
export type TimeParser = (bytes: Uint8Array, start: number, end: number) => number;

const DASH = 45;
const COLON = 58;
const SPACE = 32;
const LETTER_T = 84;
const LETTER_Z = 90;

/**
 * A parser for the times of one file. What nearly all files hold is read without making a string: whole epoch numbers and
 * `YYYY-MM-DD[T ]HH:MM[:SS][Z]`; the rest goes through `parseDateTime`. The date of the last row is kept, since its
 * neighbours have the same. Times without a zone are in `timezone`.
 */
export function createTimeParser(timezone: string, order?: DayOrder): TimeParser {
  let lastDate = -1;
  let lastDateMs = 0;
  const isUtc = timezone === "UTC";

  return (bytes, start, end) => {
    const length = end - start;
    if (length >= 16 && bytes[start + 4] === DASH && bytes[start + 7] === DASH && bytes[start + 13] === COLON) {
      const separator = bytes[start + 10];
      const date =
        fixedDigits(bytes, start, 4) * 10_000 +
        fixedDigits(bytes, start + 5, 2) * 100 +
        fixedDigits(bytes, start + 8, 2);
      const hour = fixedDigits(bytes, start + 11, 2);
      const minute = fixedDigits(bytes, start + 14, 2);
      const hasSeconds = length >= 19 && bytes[start + 16] === COLON;
      const second = hasSeconds ? fixedDigits(bytes, start + 17, 2) : 0;
      const after = start + (hasSeconds ? 19 : 16);
      const zulu = after + 1 === end && bytes[after] === LETTER_Z;
      // NaN digits fail every comparison, so anything odd falls through to the slow path.
      if (
        (zulu || after === end) &&
        (separator === LETTER_T || separator === SPACE) &&
        hour < 24 &&
        minute < 60 &&
        second < 60
      ) {
        if (date !== lastDate) {
          const [year, month, day] = [Math.floor(date / 10_000), Math.floor(date / 100) % 100, date % 100];
          if (!isCivilDate(year, month, day)) return Number.NaN;
          lastDate = date;
          lastDateMs = daysFromCivil(year, month, day) * 86_400_000;
        }
        const readMs = lastDateMs + ((hour * 60 + minute) * 60 + second) * 1000;
        return zulu || isUtc ? readMs : localToUtcMs(readMs, timezone);
      }
    }
    if (length >= 9 && length <= 15) {
      const epoch = fixedDigits(bytes, start, length);
      if (epoch === epoch) return epochToMs(epoch);
    }
    return fromText(Buffer.from(bytes.buffer, bytes.byteOffset + start, length).toString("latin1"), timezone, order);
  };
}

/** `count` digits as an integer; NaN if one of them is none. */
function fixedDigits(bytes: Uint8Array, start: number, count: number): number {
  let value = 0;
  for (let p = start; p < start + count; p++) {
    const digit = bytes[p] - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** A time cell as text → epoch ms; NaN where it is none. The same rules as the fast parser's. */
export function timeFromText(text: string, timezone: string, order?: DayOrder): number {
  return fromText(text, timezone, order);
}

function fromText(text: string, timezone: string, order?: DayOrder): number {
  const trimmed = text.trim();
  // Also 1751404445.0 and 1.7514e9, which pandas writes for a float column.
  if (/^\d+(\.\d*)?(e\+?\d+)?$/i.test(trimmed)) return epochToMs(Number(trimmed));
  return parseDateTime(trimmed, timezone, order) ?? Number.NaN;
}
