import { expect, test } from "vitest";
import { isDuring, readQuietHours } from "./quiet-hours.js";
import type { QuietHours } from "./settings.js";

const read = (days: string, from: string, until: string) =>
  readQuietHours({ days, from, until, except: null }) as QuietHours;
const at = (hours: QuietHours, iso: string, timezone = "UTC") => isDuring(hours, Date.parse(iso), timezone);

test("a night belongs to the day that it begins on", () => {
  const nights = read("mon-fri", "22:00", "07:00");
  // 2025-07-04 is a Friday.
  expect(at(nights, "2025-07-04T21:59Z")).toBe(false);
  expect(at(nights, "2025-07-04T22:00Z")).toBe(true);
  expect(at(nights, "2025-07-05T06:59Z")).toBe(true);
  expect(at(nights, "2025-07-05T07:00Z")).toBe(false);
  expect(at(nights, "2025-07-05T23:00Z")).toBe(false);
  expect(at(nights, "2025-07-07T03:00Z")).toBe(false);
});

test("from midnight to midnight is the whole day, and days may go over the weekend", () => {
  const whole = read("sat,sun", "00:00", "00:00");
  expect(
    ["2025-07-04T12:00Z", "2025-07-05T00:00Z", "2025-07-06T23:59Z", "2025-07-07T00:00Z"].map((iso) => at(whole, iso)),
  ).toEqual([false, true, true, false]);
  expect(read("fri-mon", "0:00", "1:00").days).toEqual([0, 4, 5, 6]);
});

test("hours are those of the zone's clock, over its change too", () => {
  const nights = read("mon-sun", "01:00", "04:00");
  // Berlin goes from 02:00 to 03:00 at 01:00Z on 2025-03-30.
  expect(at(nights, "2025-03-29T23:59Z", "Europe/Berlin")).toBe(false);
  expect(at(nights, "2025-03-30T00:00Z", "Europe/Berlin")).toBe(true);
  expect(at(nights, "2025-03-30T01:59Z", "Europe/Berlin")).toBe(true);
  expect(at(nights, "2025-03-30T02:00Z", "Europe/Berlin")).toBe(false);
});

test.each([
  ["weekdays", "22:00", "07:00", "days"],
  ["mon", "24:00", "07:00", "from"],
  ["mon", "22:00", "7", "until"],
])("names what is none: %s %s %s", (days, from, until, key) => {
  expect(readQuietHours({ days, from, until, except: null })).toMatchObject({ key });
});
