import { describe, expect, test } from "vitest";
import { UsageError } from "../errors/errors.js";
import { formatUtc } from "./format.js";
import { parseInstant } from "./instant.js";
import { epochToMs, epochUnit } from "./instant-epoch.js";
import { dayOrderIn, isAmbiguousDate, parseDateTime } from "./instant-iso.js";

const NOW = Date.parse("2025-07-01T21:14:05Z");
const inBerlin = { nowMs: NOW, timezone: "Europe/Berlin" };
const inUtc = { nowMs: NOW, timezone: "UTC" };

describe("parseInstant", () => {
  test.each([
    ["2025-07-01", "2025-06-30T22:00:00Z"],
    ["2025-07-01T21:14", "2025-07-01T19:14:00Z"],
    ["2025-07-01 21:14:05", "2025-07-01T19:14:05Z"],
    ["2025-07-01T21:14:05.250", "2025-07-01T19:14:05.250Z"],
    ["2025-07-01T21:14:05Z", "2025-07-01T21:14:05Z"],
    ["2025-07-01T21:14:05+05:30", "2025-07-01T15:44:05Z"],
    ["2025-07-01T21:14:05-0800", "2025-07-02T05:14:05Z"],
    ["1751404445", "2025-07-01T21:14:05Z"],
    ["1751404445123", "2025-07-01T21:14:05.123Z"],
    ["1751404445123456", "2025-07-01T21:14:05.123Z"],
    ["1751404445123456789", "2025-07-01T21:14:05.123Z"],
    ["now", "2025-07-01T21:14:05Z"],
    ["now-24h", "2025-06-30T21:14:05Z"],
    ["-24h", "2025-06-30T21:14:05Z"],
    ["-5min", "2025-07-01T21:09:05Z"],
    ["-5m", "2025-07-01T21:09:05Z"],
    ["-1mon", "2025-06-01T21:14:05Z"],
    ["now-1M", "2025-06-01T21:14:05Z"],
    ["now-1d-30min", "2025-06-30T20:44:05Z"],
    ["now - 1h30m", "2025-07-01T19:44:05Z"],
    ["today", "2025-06-30T22:00:00Z"],
    ["today+6h", "2025-07-01T04:00:00Z"],
    ["yesterday", "2025-06-29T22:00:00Z"],
    ["21:14_20250701", "2025-07-01T19:14:00Z"],
    ["20250701", "2025-06-30T22:00:00Z"],
  ])("%s is %s in Berlin at 23:14 local time", (text, utc) => {
    expect(formatUtc(parseInstant(text, inBerlin))).toBe(utc);
  });

  test("yesterday is the midnight before, also over a change of the clock", () => {
    const nowMs = Date.parse("2025-03-30T12:00:00Z");
    expect(formatUtc(parseInstant("yesterday", { nowMs, timezone: "Europe/Berlin" }))).toBe("2025-03-28T23:00:00Z");
    expect(formatUtc(parseInstant("today", { nowMs, timezone: "Europe/Berlin" }))).toBe("2025-03-29T23:00:00Z");
  });

  test.each([
    "",
    "soon",
    "2025-02-30",
    "2025-13-01",
    "2025-07-01T25:00",
    "07/08/2025",
    "2025",
    "12345",
    "86400000",
    "25:00_20250701",
    "now-5",
    "now-5parsecs",
    "-",
    "1999-12-31",
  ])("%j is refused as a usage error that names it", (text) => {
    expect(() => parseInstant(text, inUtc)).toThrow(UsageError);
    expect(() => parseInstant(text, inUtc)).toThrow(text === "now-5parsecs" ? '"5parsecs"' : `"${text}"`);
  });

  test("an unknown zone is refused before the text is read", () => {
    expect(() => parseInstant("now", { nowMs: NOW, timezone: "Mars/Base" })).toThrow("not a time zone");
  });
});

describe("epochToMs", () => {
  test.each([
    [1_751_404_445, "s"],
    [1_751_404_445_000, "ms"],
    [1_751_404_445_000_000, "us"],
    [1_751_404_445_000_000_000, "ns"],
    [946_684_800_000, "ms"],
  ] as const)("%d is read in %s and never lands in 1970", (value, unit) => {
    expect(epochUnit(value)).toBe(unit);
    expect(epochToMs(value)).toBe(unit === "ms" ? value : 1_751_404_445_000);
  });
});

describe("parseDateTime", () => {
  test.each([
    ["2025/07/01 21:14:05", "2025-07-01T21:14:05Z"],
    ["2025.7.1", "2025-07-01T00:00:00Z"],
    ["01.07.2025 21:14", "2025-07-01T21:14:00Z"],
    ["13/07/2025", "2025-07-13T00:00:00Z"],
    ["07/13/2025, 21:14:05", "2025-07-13T21:14:05Z"],
    ["1 Jul 2025 21:14:05", "2025-07-01T21:14:05Z"],
    ["01-Jul-2025", "2025-07-01T00:00:00Z"],
    ["Jul 1, 2025 21:14", "2025-07-01T21:14:00Z"],
    ["Tue, 01 Jul 2025 21:14:05 GMT", "2025-07-01T21:14:05Z"],
    ["2025-07-01T24:00:00Z", "2025-07-02T00:00:00Z"],
    ["2025-07-01T21:14:05.123456789Z", "2025-07-01T21:14:05.123Z"],
  ])("%s is %s", (text, utc) => {
    expect(formatUtc(parseDateTime(text, "UTC") ?? Number.NaN)).toBe(utc);
  });

  test("a date whose day and month cannot be distinguished is not read, unless the file's order is known", () => {
    expect(parseDateTime("07/08/2025", "UTC")).toBeUndefined();
    expect(isAmbiguousDate("07/08/2025")).toBe(true);
    expect(parseDateTime("07/08/2025", "UTC", "day-first")).toBe(Date.UTC(2025, 7, 7));
    expect(parseDateTime("07/08/2025", "UTC", "month-first")).toBe(Date.UTC(2025, 6, 8));
    expect(dayOrderIn("13/08/2025")).toBe("day-first");
    expect(dayOrderIn("08/13/2025")).toBe("month-first");
  });

  test.each(["2025-7", "1.2 K", "abc", "31.02.2025", "2025-07-01T1:2:3:4", "Foo 1, 2025", "2025-07/01"])(
    "%j is no date",
    (text) => {
      expect(parseDateTime(text, "UTC")).toBeUndefined();
    },
  );
});
