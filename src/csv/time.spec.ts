import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { epochToMs } from "../time/instant-epoch.js";
import { parseDateTime } from "../time/instant-iso.js";
import { createTimeParser, timeProblem } from "./time.js";

const read = (text: string, zone = "UTC") => createTimeParser(zone)(Buffer.from(text), 0, Buffer.byteLength(text));
const two = (n: number) => String(n).padStart(2, "0");

describe("the fast parser of times", () => {
  test("reads what the slow one reads, dates that do not exist included", () => {
    const number = (max: number) => fc.integer({ min: 0, max });
    const parse = { UTC: createTimeParser("UTC"), "Europe/Berlin": createTimeParser("Europe/Berlin") };
    fc.assert(
      fc.property(
        fc.constantFrom("UTC" as const, "Europe/Berlin" as const),
        fc.tuple(fc.integer({ min: 2000, max: 2099 }), number(13), number(32), number(25), number(61), number(61)),
        fc.constantFrom("T", " "),
        fc.constantFrom("", "Z", "+02:00", ".250", "no-seconds"),
        (zone, [year, month, day, hour, minute, second], separator, tail) => {
          const clock =
            tail === "no-seconds" ? `${two(hour)}:${two(minute)}` : `${two(hour)}:${two(minute)}:${two(second)}${tail}`;
          const text = `${year}-${two(month)}-${two(day)}${separator}${clock}`;
          const bytes = Buffer.from(`x${text}y`);
          expect(parse[zone](bytes, 1, bytes.length - 1)).toEqual(parseDateTime(text, zone) ?? Number.NaN);
        },
      ),
      { seed: 9, numRuns: 3000 },
    );
  });

  test("reads epoch numbers of any unit", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 946_684_800, max: 4_000_000_000 }),
        fc.constantFrom("", "000", "000000", "000000000"),
        (s, zeros) => {
          expect(read(`${s}${zeros}`)).toBe(s * 1000);
        },
      ),
      { seed: 10 },
    );
    expect(read("1751328000.5")).toBe(1_751_328_000_500);
    expect(read("1.751328e9")).toBe(epochToMs(1_751_328_000));
  });

  test.each(["", "x", "2025-07-01T", "17513280x0", "12:00", "1.2 K"])("%j is no time", (text) => {
    expect(timeProblem(read(text))).toContain("not a time");
  });

  test("times that cannot be meant have a reason", () => {
    expect(timeProblem(read("1000000"))).toContain("before 2000");
    expect(timeProblem(read("99991231"))).toContain("before 2000");
    expect(timeProblem(read("2500-01-01 00:00:00"))).toContain("after 2100");
    expect(timeProblem(read("2025-07-01"))).toBeUndefined();
  });
});
