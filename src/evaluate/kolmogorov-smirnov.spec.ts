import { expect, test } from "vitest";
import { kolmogorovSmirnov } from "./kolmogorov-smirnov.js";

const waves = (length: number, shift: number) => Array.from({ length }, (_, i) => ((i * i) % 17) + i / 10 + shift);
const rising = (length: number, shift: number) => Array.from({ length }, (_, i) => i + shift);

// scipy 1.10: ks_2samp(a, b).statistic and kstwobign.sf(sqrt(n * m / (n + m)) * statistic)
test.each([
  ["waves", waves(40, 0), waves(30, 3), 0.25, 0.23425945695878178],
  ["a sample and itself", waves(40, 0), waves(40, 0), 0, 1],
  ["short ones with ties", [1, 2, 3, 4], [2, 3, 4, 5, 6], 0.4, 0.8691635724033446],
  ["a shift by a fifth", rising(100, 0), rising(100, 20), 0.2, 0.036631052707119284],
])("the distance and chance of %s are scipy's", (_, a, b, distance, chance) => {
  const found = kolmogorovSmirnov(a, b);
  expect(found.distance).toBeCloseTo(distance, 12);
  expect(found.chance).toBeCloseTo(chance, 8);
});

test("missing values are skipped, and an empty sample says nothing", () => {
  expect(kolmogorovSmirnov([1, Number.NaN, 2], [3, 4])).toEqual(kolmogorovSmirnov([1, 2], [3, 4]));
  expect(kolmogorovSmirnov([], [1])).toEqual({ distance: Number.NaN, chance: 1 });
});
