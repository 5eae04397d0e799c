import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { UsageError } from "../errors/errors.js";
import { formatUtc } from "./format.js";
import { checkTimezone, offsetMs, zonedParts, zonedToUtcMs } from "./timezone.js";
import { civilFromDays, daysFromCivil, isCivilDate } from "./timezone-civil.js";

/*
 * Expected by Python's zoneinfo:
 *   l = datetime.fromisoformat(iso).replace(tzinfo=timezone.utc).astimezone(ZoneInfo(zone))
 *   l.year, l.month, l.day, l.hour, l.minute, l.second, l.weekday(), l.utcoffset().total_seconds()
 */
const READINGS: readonly (readonly [string, string, readonly number[], number])[] = [
  ["Europe/Berlin", "2025-07-01T12:00:00Z", [2025, 7, 1, 14, 0, 0, 1], 7200],
  ["Europe/Berlin", "2025-01-15T23:59:59Z", [2025, 1, 16, 0, 59, 59, 3], 3600],
  ["Europe/Berlin", "2024-03-31T00:59:59Z", [2024, 3, 31, 1, 59, 59, 6], 3600],
  ["Europe/Berlin", "2024-03-31T01:00:00Z", [2024, 3, 31, 3, 0, 0, 6], 7200],
  ["America/New_York", "2025-07-01T12:00:00Z", [2025, 7, 1, 8, 0, 0, 1], -14400],
  ["America/New_York", "2025-01-15T23:59:59Z", [2025, 1, 15, 18, 59, 59, 2], -18000],
  ["Australia/Lord_Howe", "2025-07-01T12:00:00Z", [2025, 7, 1, 22, 30, 0, 1], 37800],
  ["Australia/Lord_Howe", "2024-04-06T14:59:59Z", [2024, 4, 7, 1, 59, 59, 6], 39600],
  ["Australia/Lord_Howe", "2024-04-06T15:00:00Z", [2024, 4, 7, 1, 30, 0, 6], 37800],
  ["Asia/Kathmandu", "2025-07-01T12:00:00Z", [2025, 7, 1, 17, 45, 0, 1], 20700],
  ["Pacific/Apia", "2011-12-30T09:59:59Z", [2011, 12, 29, 23, 59, 59, 3], -36000],
  ["Pacific/Apia", "2011-12-30T10:00:00Z", [2011, 12, 31, 0, 0, 0, 5], 50400],
  ["America/St_Johns", "2025-01-15T23:59:59Z", [2025, 1, 15, 20, 29, 59, 2], -12600],
  ["UTC", "2024-02-29T06:07:08Z", [2024, 2, 29, 6, 7, 8, 3], 0],
];

/* Expected by zoneinfo: datetime.fromisoformat(iso).replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(timezone.utc) */
const MOMENTS: readonly (readonly [string, string, string])[] = [
  ["Europe/Berlin", "2025-07-01T14:00:00", "2025-07-01T12:00:00Z"],
  ["Europe/Berlin", "2025-10-26T02:30:00", "2025-10-26T00:30:00Z"], // shown twice
  ["Europe/Berlin", "2025-03-30T02:30:00", "2025-03-30T01:30:00Z"], // never shown
  ["America/New_York", "2025-11-02T01:15:00", "2025-11-02T05:15:00Z"], // shown twice
  ["America/New_York", "2025-03-09T02:00:00", "2025-03-09T07:00:00Z"], // never shown
  ["Australia/Lord_Howe", "2024-04-07T01:45:00", "2024-04-06T14:45:00Z"], // half an hour, shown twice
  ["Asia/Kathmandu", "2025-07-01T00:00:00", "2025-06-30T18:15:00Z"],
  ["Pacific/Apia", "2011-12-31T00:30:00", "2011-12-30T10:30:00Z"], // the day before was left out
];

const ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"];
const MOMENT = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2040, 0, 1) });

describe("zonedParts and offsetMs", () => {
  test.each(READINGS)("%s at %s reads as Python's zoneinfo has it", (zone, utc, expected, offsetS) => {
    const p = zonedParts(Date.parse(utc), zone);
    expect([p.year, p.month, p.day, p.hour, p.minute, p.second, p.weekday]).toEqual(expected);
    expect(offsetMs(Date.parse(utc), zone)).toBe(offsetS * 1000);
  });

  test("agree with Intl at any moment, in whatever order the moments come", () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), MOMENT, (zone, timeMs) => {
        const intl = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" });
        const p = zonedParts(timeMs, zone);
        const two = (n: number) => String(n).padStart(2, "0");
        const shown = `${p.year}-${two(p.month)}-${two(p.day)} ${two(p.hour)}:${two(p.minute)}:${two(p.second)}`;
        expect(shown).toBe(intl.format(timeMs));
      }),
      { seed: 1 },
    );
  });

  test("a million calls in time order ask Intl twice a day, and at a change of the clock as often as it takes to find it", () => {
    const asked = vi.spyOn(Intl.DateTimeFormat.prototype, "formatToParts");
    try {
      let sum = 0;
      for (let i = 0; i < 1_000_000; i++) sum += offsetMs(1_735_689_600_000 + i * 60_000, "Europe/Berlin");
      expect(sum).toBeGreaterThan(0);
      const days = Math.ceil(1_000_000 / 1440);
      // Four changes in these two years, each found by halving a day of 86,400 seconds.
      expect(asked.mock.calls.length).toBeLessThanOrEqual(2 * days + 4 * 17);
      expect(asked.mock.calls.length).toBeGreaterThan(0);
    } finally {
      asked.mockRestore();
    }
  });
});

describe("zonedToUtcMs", () => {
  test.each(MOMENTS)("%s showing %s is the moment that zoneinfo has", (zone, local, utc) => {
    const [year, month, day, hour, minute, second] = local.split(/[-T:]/).map(Number);
    expect(formatUtc(zonedToUtcMs({ year, month, day, hour, minute, second }, zone))).toBe(utc);
  });

  test("gives back any moment from its own reading, or the earlier one of a repeated reading", () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), MOMENT, (zone, anyMs) => {
        const timeMs = Math.floor(anyMs / 1000) * 1000;
        const back = zonedToUtcMs(zonedParts(timeMs, zone), zone);
        expect(back).toBeLessThanOrEqual(timeMs);
        expect(zonedParts(back, zone)).toEqual(zonedParts(timeMs, zone));
      }),
      { seed: 2 },
    );
  });
});

describe("checkTimezone", () => {
  test.each([
    ["Europe/Berln", "Europe/Berlin"],
    ["europe/pariss", "Europe/Paris"],
    ["UCT+1", "UTC"],
    ["Berlin", "Europe/Berlin"],
    ["+02:00", "UTC"],
    ["", "UTC"],
  ])("%j is refused, naming the nearest zone %j", (text, nearest) => {
    expect(() => checkTimezone(text)).toThrow(UsageError);
    expect(() => checkTimezone(text)).toThrow(nearest);
  });

  test.each(["UTC", "Europe/Berlin", "Asia/Kolkata", "CET"])("%s is a zone", (zone) => {
    expect(checkTimezone(zone)).toBe(zone);
  });
});

describe("the calendar", () => {
  test("days and dates turn into one another as Date has them, for 4,000 years", () => {
    for (let day = -400_000; day < 1_000_000; day += 311) {
      const date = new Date(day * 86_400_000);
      const civil = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()] as const;
      expect(civilFromDays(day)).toEqual(civil);
      expect(daysFromCivil(...civil)).toBe(day);
    }
  });

  test.each([
    [2024, 2, 29, true],
    [2025, 2, 29, false],
    [2000, 2, 29, true],
    [1900, 2, 29, false],
    [2025, 4, 31, false],
    [2025, 13, 1, false],
    [2025, 1, 0, false],
  ])("%i-%i-%i exists: %s", (year, month, day, exists) => {
    expect(isCivilDate(year, month, day)).toBe(exists);
  });
});
