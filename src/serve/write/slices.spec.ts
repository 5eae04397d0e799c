import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SampleSeries } from "./sample-series.js";
import { slicesOf } from "./slices.js";

const MINUTE = 60_000;
const series = (name: string, slots: readonly number[]): SampleSeries => ({
  labels: [["__name__", name]],
  times: slots.map((slot) => slot * MINUTE),
  values: slots,
});

describe("slicesOf", () => {
  test("all series of one slot come before any of the next, in requests that are full", () => {
    const all = [series("a", [0, 1, 2, 3]), series("b", [0, 1, 2, 3])];
    const slices = [...slicesOf(all, 2)].map((slice) => slice.map(({ labels, values }) => [labels[0][1], values]));
    expect(slices).toEqual([
      [
        ["a", [0]],
        ["b", [0]],
      ],
      [
        ["a", [1]],
        ["b", [1]],
      ],
      [
        ["a", [2]],
        ["b", [2]],
      ],
      [
        ["a", [3]],
        ["b", [3]],
      ],
    ]);
  });

  test("no series, and none with samples, is no request", () => {
    expect([...slicesOf([])]).toEqual([]);
  });

  test("every sample comes once, each series in the order of time, and no request is larger than allowed", () => {
    const slots = fc.uniqueArray(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(fc.array(slots, { maxLength: 8 }), fc.integer({ min: 1, max: 50 }), (drawn, most) => {
        const all = drawn.map((own, i) =>
          series(
            `s${i}`,
            [...own].sort((a, b) => a - b),
          ),
        );
        const slices = [...slicesOf(all, most)];
        for (const slice of slices)
          expect(slice.reduce((sum, { times }) => sum + times.length, 0)).toBeLessThanOrEqual(most);
        for (const { labels, values } of all) {
          const own = slices.flat().filter((one) => one.labels[0][1] === labels[0][1]);
          expect(own.flatMap((one) => one.values)).toEqual(values);
        }
      }),
      { seed: Number(process.env["PROPERTY_SEED"] ?? 13) },
    );
  });
});
