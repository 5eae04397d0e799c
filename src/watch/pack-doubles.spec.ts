import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { packDoubles, unpackDoubles } from "./pack-doubles.js";

const bits = (values: Float64Array) => [...new BigInt64Array(values.buffer, values.byteOffset, values.length)];

describe("packed doubles", () => {
  test("come back to the last bit, whatever they are", () => {
    const value = fc.oneof(
      fc.integer({ min: -2, max: 256 }),
      fc.integer({ min: -40_000, max: 40_000 }),
      fc.integer(),
      fc.constantFrom(-0x80000000, -0x8000, 0x7fff, 0x8000, 0x7fffffff, 2 ** 31, 2 ** 53, -0),
      fc.double({ noNaN: true }),
      fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
    );
    fc.assert(
      fc.property(fc.array(value, { maxLength: 1200 }), (list) => {
        const values = Float64Array.from(list);
        expect(bits(unpackDoubles(packDoubles(values)))).toEqual(bits(values));
      }),
    );
    const small = fc.array(fc.integer({ min: -2, max: 256 }), { maxLength: 1200 });
    fc.assert(
      fc.property(small, (list) => {
        const values = Float64Array.from(list);
        expect(bits(unpackDoubles(packDoubles(values)))).toEqual(bits(values));
      }),
    );
  });

  test("a week of quantised minutes, some of them missing, takes two bytes a slot, and four where a value is far out", () => {
    const ring = Float64Array.from({ length: 10_240 }, (_, i) => (i % 50 === 0 ? -0x80000000 : (i * 37) % 20_000));
    expect(packDoubles(ring).length).toBeLessThan(10_240 * 2 + 100);
    expect(packDoubles(ring.map((v) => (v > 0 ? v * 50 : v))).length).toBeLessThan(10_240 * 4 + 100);
  });

  test("bytes and missing ones take one byte each", () => {
    const ring = Float64Array.from({ length: 10_240 }, (_, i) => (i % 256) - 1);
    const packed = packDoubles(ring);
    expect(packed.length).toBeLessThan(10_240 + 100);
    expect(bits(unpackDoubles(packed))).toEqual(bits(ring));
  });

  test("32-bit floats, some of them missing, take four bytes each and come back to the last bit", () => {
    const ring = Float64Array.from({ length: 10_240 }, (_, i) =>
      i % 50 === 0 ? Number.NaN : Math.fround(Math.sin(i)),
    );
    const packed = packDoubles(ring);
    expect(packed.length).toBeLessThan(10_240 * 4 + 100);
    expect(bits(unpackDoubles(packed))).toEqual(bits(ring));
  });

  test.each([0, 1, 255, 256, 257])("takes %i values", (length) => {
    const values = new Float64Array(length).fill(0.5);
    expect(unpackDoubles(packDoubles(values))).toEqual(values);
  });
});
