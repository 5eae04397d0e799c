import { bench, describe } from "vitest";
import { seededRandom } from "../math/random.js";
import { predict } from "./forest.js";
import { DEFAULT_FOREST, growForest } from "./grow.js";
import { openForest, predictFast } from "./scoring-forest.js";

/** As many rows and features as the recent view has in training. */
const ROWS = 100_000;
const FEATURES = 22;
/** Rows a measured turn predicts. */
const BATCH = 1000;

const random = seededRandom(1);
const columns = Array.from({ length: FEATURES }, () => Float32Array.from({ length: ROWS }, () => random() * 4 - 2));
const targets = Float32Array.from({ length: ROWS }, (_, i) => columns[0][i] + columns[1][i] * columns[2][i] + random());
const { forest } = growForest({ columns, targets }, DEFAULT_FOREST);
const ready = openForest(forest);
const rows = Array.from({ length: BATCH }, (_, i) => Float32Array.from(columns, (column) => column[i]));
const into = { mean: 0, low: 0, high: 0 };

describe(`${BATCH} rows through ${DEFAULT_FOREST.trees} trees of depth ${DEFAULT_FOREST.depth}`, () => {
  bench("as grown", () => {
    for (const row of rows) predict(forest, row, into);
  });
  bench("laid out", () => {
    for (const row of rows) predictFast(ready, row, into);
  });
});
