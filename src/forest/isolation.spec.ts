import { describe, expect, test } from "vitest";
import { normal, seededRandom } from "../math/random.js";
import {
  averagePath,
  emptyIsolation,
  growIsolation,
  type IsolationForest,
  isolationOf,
  isolationScore,
} from "./isolation.js";

/*
 * import numpy as np
 * from sklearn.ensemble import IsolationForest  # 1.2.1
 * i = np.arange(400)
 * x = np.stack([((i * 7919) % 101 - 50) / 25.0 * (1 + (i % 40 == 0) * 2), ((i * 104729) % 97 - 48) / 24.0,
 *               (i * 15485863) % 89 / 30.0 + (i % 57 == 0) * 3], 1)
 * s = -IsolationForest(n_estimators=2000, max_samples=256, random_state=1).fit(x).score_samples(x)
 * [int(round(v * 10000)) for v in s]
 *
 * With random_state=2 the ranks correlate with these by 0.9956 (scipy.stats.spearmanr).
 */
const SKLEARN =
  "7222,4275,4624,4846,4422,4723,4640,4611,4323,4780,4684,4635,4648,4914,4279,4868,4542,4579,4427,4722,4618,4336,5420,4285,4828,5067,4666,4655,4932,4423,4474,4647,4860,4401,4617,4780,4260,5308,4456,4709,5679,4686,4622,4429,4960,4345,4506,5222,4559,4513,5401,4312,4845,4662,4751,4292,4649,5810,4264,5052,4410,4653,4503,5120,4696,4652,4699,4501,4371,5256,4350,4462,5368,4288,4991,4783,5116,4321,4913,4639,4375,4807,4455,4386,4692,4635,4494,4784,4533,5221,4351,5135,4264,4504,5036,4326,4859,5080,4595,4371,5169,4863,4724,4715,4592,4263,5030,4439,4415,4653,4468,4836,4390,5182,6192,4794,4928,4417,4575,5020,5320,4533,5108,4590,4550,4771,4998,4259,5324,4348,4500,4637,4465,4788,4451,4775,4351,4680,4995,4771,4474,5056,4277,4852,5019,4507,4437,4967,4779,4276,5262,4369,4924,4746,4613,4499,4655,4517,4502,4540,6546,4476,4457,5154,4271,5516,4772,4605,4430,5258,4820,6601,5120,4381,4502,4999,4721,4405,5359,4370,4789,4491,4755,4367,4488,4907,4279,4863,4651,4707,4490,5243,4556,4522,5173,4555,4340,5286,4452,4389,6324,4355,5231,4514,4876,4358,4670,4892,4340,4632,4631,4429,4661,4984,4429,4828,4973,4904,4306,5450,4330,4399,4994,4358,4732,4610,4711,4421,5210,4726,4579,4527,4752,4297,5017,4651,4387,4643,4728,5041,4350,5683,4345,4623,5186,4427,4469,4820,4456,4560,4773,4568,4618,4499,5364,4247,4981,4516,4429,4567,4638,4694,4355,5078,4415,4683,5489,5057,4357,5218,4309,4890,4706,4497,4468,4555,5003,4242,5106,4478,5224,4654,4693,4455,4501,5947,4558,4456,5082,4550,4351,5631,4283,4993,4766,4543,4434,4693,4790,4302,4759,4480,4510,4927,4956,4354,4853,4510,4848,4381,4854,4410,4382,5362,4274,4779,4972,4849,4511,5043,6322,4444,4640,4625,4335,4827,4596,4304,4889,4461,5232,4370,4869,4406,4502,5182,4327,4509,5082,4472,4730,5202,6315,5020,4678,4918,4257,4875,4473,4320,4844,4427,4664,4442,4939,4483,5136,4823,4503,4387,6333,4320,4720,5221,4370,4658,4809,5140,4274,5171,4433,4476,4988,4467,4407,4579,4579,4637,4657,4634,4733,4369,5245,4235,4728,4887,4381,4602,5080,4653,4294,5102,4506,4739,4932,4684,4304,4869,4418,6803";

const POINTS = Array.from({ length: 400 }, (_, i) => [
  ((((i * 7919) % 101) - 50) / 25) * (i % 40 === 0 ? 3 : 1),
  (((i * 104729) % 97) - 48) / 24,
  ((i * 15485863) % 89) / 30 + (i % 57 === 0 ? 3 : 0),
]);

function grown(points: readonly (readonly number[])[], extension: number, trees: number, seed = 1): IsolationForest {
  const options = { trees, sample: 256, extension, seed };
  const forest = emptyIsolation(points[0].length, options);
  growIsolation(Float32Array.from(points.flat()), points.length, options, forest);
  return forest;
}

const scoreOf = (forest: IsolationForest, point: readonly number[]) =>
  isolationScore(isolationOf(forest, Float32Array.from(point)));

/** Spearman's rank correlation, ties by their mean rank. */
function rankCorrelation(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [ranksOf(a), ranksOf(b)];
  const mean = (a.length - 1) / 2;
  const product = (p: readonly number[], q: readonly number[]) =>
    p.reduce((sum, one, i) => sum + (one - mean) * (q[i] - mean), 0);
  return product(x, y) / Math.sqrt(product(x, x) * product(y, y));
}

function ranksOf(values: readonly number[]): readonly number[] {
  const sorted = [...values].sort((a, b) => a - b);
  return values.map((value) => (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2);
}

describe("the isolation forest", () => {
  const expected = SKLEARN.split(",").map((score) => Number(score) / 10_000);

  test("with extension 0 ranks points as scikit-learn does, and scores them alike", () => {
    const forest = grown(POINTS, 0, 1000);
    const scores = POINTS.map((point) => scoreOf(forest, point));
    expect(rankCorrelation(scores, expected)).toBeGreaterThan(0.985);
    const off = scores.map((score, i) => Math.abs(score - expected[i]));
    expect(Math.max(...off)).toBeLessThan(0.02);
  });

  test("extended ranks the same points much alike", () => {
    const forest = grown(POINTS, 2, 1000);
    const scores = POINTS.map((point) => scoreOf(forest, point));
    expect(rankCorrelation(scores, expected)).toBeGreaterThan(0.75);
  });

  test("is the same forest for the same seed, another for another", () => {
    expect(grown(POINTS, 2, 5)).toEqual(grown(POINTS, 2, 5));
    expect(grown(POINTS, 2, 5)).not.toEqual(grown(POINTS, 2, 5, 2));
  });

  test.each([0, 1])("rows that are all the same are average, however many: extension %d", (extension) => {
    const forest = grown(new Array(300).fill([2, 3]), extension, 10);
    expect(isolationOf(forest, Float32Array.of(2, 3))).toBe(1);
    expect(isolationOf(forest, Float32Array.of(9, 9))).toBe(1);
  });

  test("cuts across a dimension that does not vary nowhere", () => {
    const forest = grown(
      POINTS.map(([x, y]) => [x, 7, y]),
      2,
      20,
    );
    for (let node = 0; node < forest.trees * forest.cuts; node++) expect(forest.normals[3 * node + 1]).toBe(0);
  });

  test("with extension 0 a single cut parts two rows", () => {
    expect(
      isolationOf(
        grown(
          [
            [0, 0],
            [1, 1],
          ],
          0,
          50,
        ),
        Float32Array.of(0, 0),
      ),
    ).toBeCloseTo(1, 12);
  });
});

/*
 * The two examples of Hariri et al., figures 1 and 2. What is measured: standard deviation of the scores on a circle around a round cloud, which
 * ought to be 0, and the score half-way between two clouds in both coordinates, where cuts along the axes see a cloud that is not there.
 */
describe("the extended isolation forest has no artefacts along the axes", () => {
  const cloud = (x: number, y: number, count: number, seed: number) => {
    const random = seededRandom(seed);
    return Array.from({ length: count }, () => [x + normal(random), y + normal(random)]);
  };

  test("around a round cloud the score is the same in all directions", () => {
    const spreadOf = (extension: number) => {
      const forest = grown(cloud(0, 0, 2000, 3), extension, 400);
      const scores = Array.from({ length: 64 }, (_, i) => {
        const angle = (2 * Math.PI * i) / 64;
        return scoreOf(forest, [4.5 * Math.cos(angle), 4.5 * Math.sin(angle)]);
      });
      const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
      return Math.sqrt(scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / scores.length);
    };
    expect(spreadOf(1)).toBeLessThan(0.5 * spreadOf(0));
  });

  test("two clouds have no ghosts where their coordinates cross", () => {
    const points = [...cloud(10, 0, 1000, 4), ...cloud(0, 10, 1000, 5)];
    const scores = [0, 1].map((extension) => {
      const forest = grown(points, extension, 400);
      return { ghost: scoreOf(forest, [0, 0]), cloud: scoreOf(forest, [10, 0]) };
    });
    const [plain, extended] = scores.map(({ ghost, cloud }) => ghost - cloud);
    expect(extended).toBeGreaterThan(1.5 * plain);
  });

  test("off a sinusoid points score higher than on it", () => {
    const random = seededRandom(6);
    const points = Array.from({ length: 2000 }, () => {
      const x = 4 * Math.PI * random();
      return [x, 2 * Math.sin(x) + 0.2 * normal(random)];
    });
    const contrast = (extension: number) => {
      const forest = grown(points, extension, 400);
      // Beside the crest, at the height of the crest, and below the trough's neighbour.
      const off = [3, 7].map((quarter) =>
        scoreOf(forest, [(quarter * Math.PI) / 2, -2 * Math.sin((quarter * Math.PI) / 2)]),
      );
      const on = [3, 7].map((quarter) =>
        scoreOf(forest, [(quarter * Math.PI) / 2, 2 * Math.sin((quarter * Math.PI) / 2)]),
      );
      return off.reduce((sum, score, i) => sum + score - on[i], 0) / off.length;
    };
    expect(contrast(1)).toBeGreaterThan(1.2 * contrast(0));
  });
});

/* 2 * (np.log(n - 1) + np.euler_gamma) - 2 * (n - 1) / n, as in sklearn.ensemble._iforest._average_path_length */
test.each([
  [0, 0],
  [1, 0],
  [2, 1],
  [5, 2.327020052042847],
  [256, 10.244770920119917],
  [999, 12.967939884427995],
])("averagePath(%d) is scikit-learn's", (rows, expected) => {
  expect(averagePath(rows)).toBeCloseTo(expected, 12);
});
