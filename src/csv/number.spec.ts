import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseNumber } from "./number.js";

const read = (text: string, point = ".") =>
  parseNumber(Buffer.from(text), 0, Buffer.byteLength(text), point.charCodeAt(0));

describe("parseNumber", () => {
  test("equals Number() for every double as JavaScript prints it", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        // String(-0) is "0".
        expect(read(String(value))).toBe(Number(String(value)));
      }),
      { numRuns: 5000, seed: 1 },
    );
  });

  test("equals Number() for digits of any length around a point", () => {
    const digits = (maxLength: number) =>
      fc.array(fc.integer({ min: 0, max: 9 }), { maxLength }).map((list) => list.join(""));
    fc.assert(
      fc.property(fc.constantFrom("", "-", "+"), digits(22), digits(24), (sign, whole, fraction) => {
        fc.pre(whole.length + fraction.length > 0);
        const text = `${sign}${whole}.${fraction}`;
        expect(read(text)).toBe(Number(text));
      }),
      { numRuns: 20_000, seed: 2 },
    );
  });

  test("equals Number() right beside the middle between two doubles, where rounding is hardest", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2 ** 31, max: 2 ** 40 }), fc.integer({ min: -2, max: 2 }), (seed, off) => {
        // 2^53 + odd is exactly in the middle of two doubles.
        const middle = 2n ** 53n + BigInt(seed) * 2n + 1n;
        for (const text of [`${middle * 100n + BigInt(off)}`, `${middle}.${off > 0 ? "0001" : "0"}`]) {
          const shifted = `${text.slice(0, 3)}.${text.replace(".", "").slice(3)}`;
          expect(read(text)).toBe(Number(text));
          expect(read(shifted)).toBe(Number(shifted));
        }
      }),
      { numRuns: 5000, seed: 3 },
    );
  });

  test.each([
    ["0", 0],
    ["-0.5", -0.5],
    [".5", 0.5],
    ["5.", 5],
    ["1e3", 1000],
    ["1.5E-7", 1.5e-7],
    ["9007199254740993", 9007199254740992],
    ["0.1234567890123456789", 0.12345678901234568],
    ["1e400", Number.POSITIVE_INFINITY],
  ])("%s is %d", (text, value) => {
    expect(read(text)).toBe(value);
  });

  test.each([
    "",
    "-",
    ".",
    "1.2.3",
    "1,2",
    "1.2 K",
    " 1",
    "1 ",
    "0x10",
    "NaN",
    "Infinity",
    "1e",
    "1e+",
    "12%",
    "1_000",
  ])("%j is no number", (text) => {
    expect(read(text)).toBeNaN();
  });

  test("a decimal comma is read where it is the point, and a dot is then no number", () => {
    expect(read("-12,75", ",")).toBe(-12.75);
    expect(read("1,5e3", ",")).toBe(1500);
    expect(read("12.75", ",")).toBeNaN();
  });
});
