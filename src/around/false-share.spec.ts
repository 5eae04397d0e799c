import { expect, test } from "vitest";
import { falseShares } from "./false-share.js";

test("are the adjusted p values of Benjamini and Hochberg", () => {
  // R 4.3: p.adjust(c(0.01, 0.04, 0.03, 0.005, 0.6), "BH") is 0.025 0.05 0.05 0.025 0.6
  falseShares([0.01, 0.04, 0.03, 0.005, 0.6]).forEach((share, i) => {
    expect(share).toBeCloseTo([0.025, 0.05, 0.05, 0.025, 0.6][i], 12);
  });
  expect(falseShares([])).toEqual([]);
  expect(falseShares([0.3])).toEqual([0.3]);
});

test("never fall where the chance rises, and never pass 1", () => {
  const chances = Array.from({ length: 200 }, (_, i) => ((i * 7919) % 200) / 199);
  const shares = falseShares(chances);
  const sorted = chances.map((chance, i) => [chance, shares[i]]).sort((a, b) => a[0] - b[0]);
  for (let i = 1; i < sorted.length; i++) expect(sorted[i][1]).toBeGreaterThanOrEqual(sorted[i - 1][1]);
  expect(Math.max(...shares)).toBeLessThanOrEqual(1);
});
