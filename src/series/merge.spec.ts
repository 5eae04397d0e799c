import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mergePoints } from "./merge.js";
import { type Points, tidyTable } from "./points.js";
import { measureStep } from "./step.js";

const NAN = Number.NaN;
const points = (...pairs: readonly (readonly [number, number])[]): Points => ({
  times: Float64Array.from(pairs, ([t]) => t),
  values: Float64Array.from(pairs, ([, v]) => v),
});
const anyPoint = fc.tuple(fc.integer({ min: 0, max: 30 }), fc.constantFrom(1, 2, 3, NAN));

/** The rules, word for word: in order of reading, a value beats a missing one and the later value wins. */
function slowMerge(parts: readonly (readonly (readonly [number, number])[])[]): [number, number][] {
  const kept = new Map<number, number>();
  for (const part of parts) for (const [t, v] of part) if (!Number.isNaN(v) || !kept.has(t)) kept.set(t, v);
  return [...kept].sort(([a], [b]) => a - b);
}
const pairs = (p: Points) => Array.from(p.times, (t, i): [number, number] => [t, p.values[i]]);

describe("mergePoints", () => {
  test("parts that do not overlap are put in order of time", () => {
    const merged = mergePoints([points([5, 1], [6, 2]), points([1, 3]), points([2, NAN], [3, 4])]);
    expect(pairs(merged.points)).toEqual([
      [1, 3],
      [2, NAN],
      [3, 4],
      [5, 1],
      [6, 2],
    ]);
  });

  test("equal and contradicting points are counted apart", () => {
    const merged = mergePoints([points([1, 1], [2, 2], [3, NAN], [4, 4]), points([1, 1], [2, 9], [3, 3], [4, NAN])]);
    expect(pairs(merged.points)).toEqual([
      [1, 1],
      [2, 9],
      [3, 3],
      [4, 4],
    ]);
    expect([merged.equal, merged.conflicting]).toEqual([3, 1]);
  });

  test("is the slow rule for any parts", () => {
    const part = fc
      .uniqueArray(anyPoint, { minLength: 1, selector: ([t]) => t })
      .map((list) => list.sort(([a], [b]) => a - b));
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
        const merged = mergePoints(parts.map((list) => points(...list)));
        expect(pairs(merged.points)).toEqual(slowMerge(parts));
        const total = parts.reduce((sum, list) => sum + list.length, 0);
        expect(merged.points.times.length + merged.equal + merged.conflicting).toBe(total);
      }),
      { seed: 7 },
    );
  });
});

describe("tidyTable", () => {
  test("rows that are in order are given back as they are", () => {
    const times = Float64Array.of(1, 2, 3);
    const columns = [Float64Array.of(1, 1, 1)];
    expect(tidyTable(times, columns)).toMatchObject({ ordered: true, duplicateRows: 0 });
    expect(tidyTable(times, columns).times).toBe(times);
  });

  test("is the slow rule for rows in any order", () => {
    fc.assert(
      fc.property(fc.array(anyPoint, { minLength: 1, maxLength: 40 }), (rows) => {
        const tidy = tidyTable(
          Float64Array.from(rows, ([t]) => t),
          [Float64Array.from(rows, ([, v]) => v)],
        );
        expect(pairs({ times: tidy.times, values: tidy.columns[0] })).toEqual(slowMerge([rows]));
        expect(tidy.duplicateRows).toBe(rows.length - tidy.times.length);
        expect(tidy.equal + tidy.conflicting).toBe(tidy.duplicateRows);
      }),
      { seed: 8 },
    );
  });
});

describe("measureStep", () => {
  const every = (stepMs: number, count: number, startMs = 0, gap: (i: number) => boolean = () => false) =>
    Array.from({ length: count }, (_, i) => [startMs + i * stepMs, gap(i) ? NAN : 1] as const);

  test.each<[string, Points, number | undefined]>([
    ["nothing", points(), undefined],
    ["one point", points([5, 1]), undefined],
    ["two points", points([0, 1], [60_000, 2]), 60_000],
    ["gaps", points(...every(60_000, 100, 0, (i) => i % 7 === 3)), 60_000],
    ["5-minute values on a 1-minute grid", points(...every(60_000, 200, 0, (i) => i % 5 !== 0)), 300_000],
    ["few values on a grid", points(...every(60_000, 12, 0, (i) => i !== 2 && i !== 7)), 60_000],
    ["values now and then", points(...every(60_000, 600, 0, (i) => (i * 7919) % 13 > 2)), 60_000],
    ["no value at all", points(...every(60_000, 20, 0, () => true)), 60_000],
    [
      "jitter under a second",
      points(...every(60_000, 60).map(([t, v], i) => [t + ((i * 37) % 400), v] as const)),
      60_000,
    ],
    ["a step of 1 s", points(...every(1000, 30)), 1000],
    ["a step of a quarter second", points(...every(250, 30)), 250],
  ])("%s", (_, p, stepMs) => {
    expect(measureStep(p).stepMs).toBe(stepMs);
  });

  test("a stretch with another step is reported, a few odd gaps are not", () => {
    const changed = points(...every(300_000, 40), ...every(60_000, 400, 40 * 300_000));
    expect(measureStep(changed)).toEqual({
      stepMs: 60_000,
      changes: [{ stepMs: 300_000, startMs: 0, endMs: 40 * 300_000 }],
    });
    const gaps = points(...every(60_000, 400, 0, (i) => i % 50 === 9));
    expect(measureStep(gaps).changes).toEqual([]);
  });
});
