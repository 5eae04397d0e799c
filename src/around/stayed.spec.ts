import { expect, test } from "vitest";
import { DEFAULT_CASCADE, simulateCascade } from "../simulate/cascade.js";
import { whatMoved } from "./around.js";
import { stayedStill } from "./stayed.js";

const row = (...ones: readonly number[]) => {
  const out = new Uint8Array(84);
  for (const at of ones) out[at] = 1;
  return out;
};

test("a series that moved with the others twice before is named, and one that moves at other times is not", () => {
  const movers = [row(10, 40), row(10, 40), row(10, 40, 60)];
  const unusual = [...movers, row(10, 40), row(3, 70), row()];
  expect(stayedStill(unusual, [0, 1, 2], [3, 4, 5])).toEqual([{ index: 3, moved: 2, times: 2 }]);
});

test("parts of a day that follow each other are one time", () => {
  const unusual = [row(10, 11, 40), row(10, 11, 40), row(10, 11, 40), row(11, 40)];
  expect(stayedStill(unusual, [0, 1, 2], [3])).toEqual([{ index: 3, moved: 2, times: 2 }]);
  const one = [row(10, 11), row(10, 11), row(10, 11), row(10, 11)];
  expect(stayedStill(one, [0, 1, 2], [3])).toEqual([]);
});

test("once is no habit, and without movers there is nothing to go with", () => {
  expect(stayedStill([row(10), row(10), row(10), row(10)], [0, 1, 2], [3])).toEqual([]);
  expect(stayedStill([], [], [])).toEqual([]);
});

test("of a cascade that went further on two earlier days, what stays still this time is named", () => {
  const cascade = simulateCascade({
    ...DEFAULT_CASCADE,
    series: 1000,
    followers: 60,
    earlierCascades: 2,
    seed: 5,
  });
  const { stayed } = whatMoved(cascade.series, { window: cascade.window, leadMs: cascade.leadMs });
  const named = new Set(stayed.map(({ index }) => index));
  expect(cascade.stayed.length).toBe(10);
  expect(cascade.stayed.filter((index) => named.has(index)).length).toBeGreaterThanOrEqual(8);
  // Of those that did move, hardly any: not every one of them is listed.
  expect(stayed.filter(({ index }) => cascade.changes.has(index)).length).toBeLessThanOrEqual(2);
});
