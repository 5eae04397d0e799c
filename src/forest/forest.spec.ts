import { RandomForestRegression } from "ml-random-forest";
import { describe, expect, test } from "vitest";
import { normal, seededRandom } from "../math/random.js";
import { binColumn, binEdges, MISSING_BIN } from "./bins.js";
import { type Forest, type Prediction, predict } from "./forest.js";
import { DEFAULT_FOREST, growForest, type TrainingRows } from "./grow.js";

/** A smooth function of two of four features, with a step and noise. */
function problem(count: number, seed: number): TrainingRows {
  const random = seededRandom(seed);
  const columns = Array.from({ length: 4 }, () => Float32Array.from({ length: count }, () => random() * 4 - 2));
  const targets = Float32Array.from({ length: count }, (_, i) => {
    const [a, b] = [columns[0][i], columns[1][i]];
    return Math.sin(2 * a) + (b > 0.5 ? 2 : 0) + 0.3 * normal(random);
  });
  return { columns, targets };
}

function predictAll(forest: Forest, rows: TrainingRows): Prediction[] {
  return Array.from(rows.targets, (_, i) => {
    const into = { mean: 0, low: 0, high: 0 };
    predict(
      forest,
      Float32Array.from(rows.columns, (column) => column[i]),
      into,
    );
    return into;
  });
}

function meanSquaredError(predicted: readonly number[], targets: Float32Array): number {
  return predicted.reduce((sum, p, i) => sum + (p - targets[i]) ** 2, 0) / targets.length;
}

describe("the forest", () => {
  const train = problem(3000, 1);
  const held = problem(2000, 2);
  const options = { ...DEFAULT_FOREST, leafRows: 10 };

  test("is no less accurate than ml-random-forest on the same data", () => {
    const ours = growForest(train, options).forest;
    const reference = new RandomForestRegression({
      nEstimators: options.trees,
      seed: 1,
      maxFeatures: 4,
      noOOB: true,
      treeOptions: { maxDepth: options.depth, minNumSamples: options.leafRows },
    });
    // It is quadratic in the rows, so it gets the first 800; ours gets the same.
    const few = { columns: train.columns.map((c) => c.subarray(0, 800)), targets: train.targets.subarray(0, 800) };
    const matrix = (rows: TrainingRows) => Array.from(rows.targets, (_, i) => rows.columns.map((c) => c[i]));
    reference.train(matrix(few), Array.from(few.targets));
    const theirs = meanSquaredError(reference.predict(matrix(held)), held.targets);
    const sameRows = predictAll(growForest(few, { ...options, featureShare: 1 }).forest, held).map((p) => p.mean);
    expect(meanSquaredError(sameRows, held.targets)).toBeLessThanOrEqual(theirs * 1.02);
    expect(
      meanSquaredError(
        predictAll(ours, held).map((p) => p.mean),
        held.targets,
      ),
    ).toBeLessThan(theirs);
  }, 300_000);

  test("gives a band that holds about nine tenths of unseen rows", () => {
    const predicted = predictAll(growForest(train, options).forest, held);
    const inside = predicted.filter((p, i) => held.targets[i] >= p.low && held.targets[i] <= p.high).length;
    expect(inside / held.targets.length).toBeGreaterThan(0.85);
    expect(inside / held.targets.length).toBeLessThan(0.97);
  });

  test("says which features matter", () => {
    const { importance } = growForest(train, options);
    expect(importance[0] + importance[1]).toBeGreaterThan(0.9);
    expect(importance.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
  });

  test("is the same for the same seed, another for another", () => {
    const grow = (seed: number) => growForest(train, { ...options, seed }).forest;
    expect(grow(3)).toEqual(grow(3));
    expect(grow(3).threshold).not.toEqual(grow(4).threshold);
  });

  test("takes no feature's missing value for a large or small one: it learns what missing means", () => {
    const random = seededRandom(9);
    const column = Float32Array.from({ length: 1000 }, () => (random() < 0.3 ? Number.NaN : random()));
    const targets = column.map((x) => (Number.isNaN(x) ? 5 : 0));
    const { forest } = growForest({ columns: [column], targets }, { ...options, featureShare: 1 });
    const into = { mean: 0, low: 0, high: 0 };
    predict(forest, Float32Array.of(Number.NaN), into);
    expect(into.mean).toBe(5);
    predict(forest, Float32Array.of(0.99), into);
    expect(into.mean).toBe(0);
  });

  test("one tree on all rows splits where the slow obvious search over all values splits", () => {
    const x = Float32Array.from({ length: 40 }, (_, i) => ((i * 17) % 40) / 10);
    const targets = x.map((v) => (v > 2.35 ? 3 : 1) + v / 100);
    const one = { trees: 1, depth: 1, leafRows: 1, featureShare: 1, rowShare: 1, seed: 1 };
    const { forest } = growForest({ columns: [x], targets }, one);
    const sse = (ys: number[]) => ys.reduce((s, y) => s + (y - ys.reduce((a, b) => a + b, 0) / ys.length) ** 2, 0);
    const cuts = [...x].sort((a, b) => a - b).slice(0, -1);
    const cost = (cut: number) =>
      sse([...targets].filter((_, i) => x[i] <= cut)) + sse([...targets].filter((_, i) => x[i] > cut));
    const best = cuts.reduce((a, b) => (cost(b) < cost(a) ? b : a));
    expect(forest.threshold[0]).toBeCloseTo(best, 6);
  });

  test.each([
    ["one row", [Float32Array.of(1)], Float32Array.of(7), 7],
    ["a constant feature", [new Float32Array(100).fill(2)], new Float32Array(100).fill(3), 3],
    ["a feature without values", [new Float32Array(100).fill(Number.NaN)], new Float32Array(100).fill(4), 4],
  ])("predicts the mean for %s", (_, columns, targets, mean) => {
    const into = { mean: 0, low: 0, high: 0 };
    predict(growForest({ columns, targets }, options).forest, Float32Array.of(2), into);
    expect(into.mean).toBe(mean);
  });

  test("refuses to grow on nothing", () => {
    expect(() => growForest({ columns: [], targets: new Float32Array(0) }, options)).toThrow(RangeError);
  });
});

describe("bins", () => {
  test("a value's bin is the first whose edge is not below it, and NaN has its own", () => {
    const column = Float32Array.from({ length: 5000 }, (_, i) => (i % 7 === 0 ? Number.NaN : Math.sin(i) * 100));
    const edges = binEdges(column, 1);
    expect(edges.length).toBe(254);
    binColumn(column, edges).forEach((bin, i) => {
      if (Number.isNaN(column[i])) expect(bin).toBe(MISSING_BIN);
      else {
        expect(bin === 0 || column[i] > edges[bin - 1]).toBe(true);
        expect(bin === edges.length || column[i] <= edges[bin]).toBe(true);
      }
    });
  });

  test("edges are ascending and distinct however often a value repeats", () => {
    const edges = binEdges(
      Float32Array.from({ length: 900 }, (_, i) => i % 3),
      1,
    );
    expect([...edges]).toEqual([0, 1]);
  });
});
