import { expect, test } from "vitest";
import { chanceOfAtLeast, logFactorials } from "./hypergeometric.js";

// scipy 1.10: scipy.stats.hypergeom.sf(found - 1, all, marked, drawn)
test.each([
  [12, { marked: 12, all: 10_000, drawn: 200 }, 2.9449752835206045e-21],
  [5, { marked: 20, all: 500, drawn: 40 }, 0.016097129949047682],
  [3, { marked: 3, all: 10, drawn: 4 }, 0.03333333333333333],
  [0, { marked: 3, all: 10, drawn: 4 }, 1],
])("at least %d of %o is as scipy says", (found, of, chance) => {
  expect(chanceOfAtLeast(found, of, logFactorials(of.all)) / chance).toBeCloseTo(1, 8);
});
