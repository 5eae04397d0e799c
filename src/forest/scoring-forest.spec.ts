import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../math/random.js";
import { type Forest, predict } from "./forest.js";
import { growForest } from "./grow.js";
import { openForest, predictFast } from "./scoring-forest.js";

const FEATURES = 6;

/** A forest of the given shape on random rows, a tenth of whose features are missing. */
function grown(seed: number, trees: number, depth: number, leafRows = 2): Forest {
  const random = seededRandom(seed);
  const columns = Array.from({ length: FEATURES }, () =>
    Float32Array.from({ length: 600 }, () => (random() < 0.1 ? Number.NaN : random() * 10 - 5)),
  );
  const targets = Float32Array.from({ length: 600 }, (_, i) => (columns[0][i] || 0) * (columns[1][i] || 1) + random());
  const options = { trees, depth, leafRows, featureShare: 0.5, rowShare: 0.7, seed };
  return growForest({ columns, targets }, options).forest;
}

const both = (forest: Forest, row: Float32Array) => {
  const slow = { mean: 0, low: 0, high: 0 };
  const fast = { mean: 0, low: 0, high: 0 };
  predict(forest, row, slow);
  const scoring = openForest(forest);
  const early = { mean: 0, low: 0, high: 0 };
  predictFast(scoring, row, early);
  expect(early).toEqual(slow);
  // Laid out once this many rows were scored.
  for (let i = 0; i < 2000; i++) predictFast(scoring, row, fast);
  return { slow, fast };
};

describe("a forest made ready for scoring", () => {
  test("predicts to the last bit what the forest predicts, before and after it is laid out, missing features and infinities included", () => {
    const value = fc.oneof(
      fc.double({ min: -8, max: 8, noNaN: true }),
      fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0),
    );
    const forest = grown(3, 7, 6);
    fc.assert(
      fc.property(fc.array(value, { minLength: FEATURES, maxLength: FEATURES }), (row) => {
        const { slow, fast } = both(forest, Float32Array.from(row));
        expect(fast).toEqual(slow);
      }),
      { numRuns: 40 },
    );
  });

  test("goes left exactly at a threshold, as the forest does", () => {
    const forest = grown(4, 4, 5);
    for (const edge of forest.threshold.subarray(0, 40)) {
      const { slow, fast } = both(forest, new Float32Array(FEATURES).fill(edge));
      expect(fast).toEqual(slow);
    }
  });

  test.each([
    ["one tree", 1, 4, 2],
    ["five trees, one more than are gone through at once", 5, 4, 2],
    ["nothing but roots", 6, 0, 2],
    ["trees of different depths", 9, 9, 40],
    ["trees too deep to be filled up", 2, 20, 1],
  ])("takes %s", (_, trees, depth, leafRows) => {
    const forest = grown(5, trees, depth, leafRows);
    const random = seededRandom(9);
    for (let i = 0; i < 50; i++) {
      const { slow, fast } = both(
        forest,
        Float32Array.from({ length: FEATURES }, () => random() * 12 - 6),
      );
      expect(fast).toEqual(slow);
    }
  });
});
