import { describe, expect, test } from "vitest";
import { seededRandom } from "../math/random.js";
import { adamStep, clipGradient, emptyAdam } from "./adam.js";
import { backward } from "./backward.js";
import { emptyStep, type LstmShape, stepForward, weightCount } from "./lstm.js";

/** Runs a network over inputs from an empty state. */
function run(shape: LstmShape, weights: Float64Array, inputs: readonly (readonly number[])[]) {
  const steps = [emptyStep(shape)];
  const said = inputs.map((x) => {
    const step = emptyStep(shape);
    step.x.set(x);
    const value = stepForward(shape, weights, steps[steps.length - 1], step);
    steps.push(step);
    return value;
  });
  return { steps, said };
}

/** The textbook, one gate a function, no flat arrays. */
function plainLstm({ inputs, hidden }: LstmShape, weights: Float64Array, xs: readonly (readonly number[])[]): number[] {
  const row = inputs + hidden + 1;
  const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
  let h = new Array<number>(hidden).fill(0);
  let c = new Array<number>(hidden).fill(0);
  return xs.map((x) => {
    const all = [...x, ...h, 1];
    const gate = (which: number, k: number) =>
      all.reduce((sum, one, i) => sum + one * weights[(which * hidden + k) * row + i], 0);
    const next = c.map((was, k) => sigmoid(gate(1, k)) * was + sigmoid(gate(0, k)) * Math.tanh(gate(2, k)));
    h = next.map((now, k) => sigmoid(gate(3, k)) * Math.tanh(now));
    c = next;
    const top = 4 * hidden * row;
    return h.reduce((sum, one, k) => sum + one * weights[top + k], weights[top + hidden]);
  });
}

const randomInputs = (count: number, inputs: number, seed: number) => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => Array.from({ length: inputs }, () => 2 * random() - 1));
};
const randomWeights = (shape: LstmShape, seed: number) => {
  const random = seededRandom(seed);
  return Float64Array.from({ length: weightCount(shape) }, () => random() - 0.5);
};

describe("the LSTM", () => {
  /*
   * import numpy as np
   * I, H, T = 3, 4, 6
   * R = I + H + 1
   * n = 4*H*R + H + 1
   * w = 0.8*np.sin(0.7*np.arange(n) + 0.3)
   * W = w[:4*H*R].reshape(4*H, R)
   * sig = lambda z: 1/(1+np.exp(-z))
   * h = np.zeros(H); c = np.zeros(H)
   * for t in range(T):
   *     x = np.array([np.cos(t), np.sin(2*t), 0.1*t])
   *     z = W @ np.concatenate([x, h, [1]])
   *     i, f, g, o = sig(z[:H]), sig(z[H:2*H]), np.tanh(z[2*H:3*H]), sig(z[3*H:])
   *     c = f*c + i*g
   *     h = o*np.tanh(c)
   *     print(w[4*H*R:4*H*R+H] @ h + w[-1])
   */
  test("says what the same equations say in numpy", () => {
    const shape = { inputs: 3, hidden: 4 };
    const weights = Float64Array.from({ length: weightCount(shape) }, (_, i) => 0.8 * Math.sin(0.7 * i + 0.3));
    const inputs = Array.from({ length: 6 }, (_, t) => [Math.cos(t), Math.sin(2 * t), 0.1 * t]);
    const expected = [
      -0.6361187355882107, -0.5431452694505057, -0.6582401883630735, -0.8852398059743468, -0.6594461366407309,
      -0.6320852913596398,
    ];
    run(shape, weights, inputs).said.forEach((value, t) => {
      expect(value).toBeCloseTo(expected[t], 12);
    });
  });

  test.each([
    [1, 1],
    [3, 5],
    [7, 16],
  ])("says what a slow plain version says: %d inputs, %d units", (inputs, hidden) => {
    const shape = { inputs, hidden };
    const weights = randomWeights(shape, 3);
    const xs = randomInputs(40, inputs, 4);
    const plain = plainLstm(shape, weights, xs);
    run(shape, weights, xs).said.forEach((value, t) => {
      expect(value).toBeCloseTo(plain[t], 12);
    });
  });

  test("a step may be written over the step before", () => {
    const shape = { inputs: 2, hidden: 3 };
    const weights = randomWeights(shape, 5);
    const xs = randomInputs(20, 2, 6);
    const { said } = run(shape, weights, xs);
    const step = emptyStep(shape);
    const over = xs.map((x) => {
      step.x.set(x);
      return stepForward(shape, weights, step, step);
    });
    expect(over).toEqual(said);
  });

  test("its gradient is that of finite differences, for every weight", () => {
    const shape = { inputs: 2, hidden: 3 };
    const weights = randomWeights(shape, 7);
    const xs = randomInputs(6, 2, 8);
    const targets = randomInputs(6, 1, 9).map(([one]) => one);
    const loss = (of: Float64Array) =>
      run(shape, of, xs).said.reduce((sum, value, t) => sum + (value - targets[t]) ** 2 / 2, 0);
    const { steps, said } = run(shape, weights, xs);
    const slopes = Float64Array.of(0, ...said.map((value, t) => value - targets[t]));
    const gradient = new Float64Array(weights.length);
    backward(shape, weights, steps, xs.length, slopes, gradient);
    const by = 1e-5;
    weights.forEach((weight, w) => {
      const at = (value: number) => loss(Float64Array.from(weights, (one, i) => (i === w ? value : one)));
      const difference = (at(weight + by) - at(weight - by)) / (2 * by);
      expect(Math.abs(gradient[w] - difference)).toBeLessThan(1e-8);
    });
  });
});

describe("Adam", () => {
  /*
   * import numpy as np
   * w = np.zeros(2); m = np.zeros(2); v = np.zeros(2)
   * for t in range(1, 6):
   *     g = 2*(w - np.array([1., -2.]))*np.array([1., 10.])
   *     m = 0.9*m + 0.1*g; v = 0.999*v + 0.001*g*g
   *     w = w - 0.1*(m/(1-0.9**t))/(np.sqrt(v/(1-0.999**t)) + 1e-8)
   */
  test("moves as the algorithm of the paper in numpy", () => {
    const weights = new Float64Array(2);
    const state = emptyAdam(2);
    for (let t = 0; t < 5; t++) {
      adamStep(weights, Float64Array.of(2 * (weights[0] - 1), 20 * (weights[1] + 2)), 0.1, state);
    }
    expect(weights[0]).toBeCloseTo(0.49203634073565833, 12);
    expect(weights[1]).toBeCloseTo(-0.4970442198731647, 12);
  });

  test("a gradient that is too long is shortened and keeps its direction, another one stays", () => {
    const long = Float64Array.of(30, 40);
    clipGradient(long, 1);
    expect(long[0]).toBeCloseTo(0.6, 12);
    expect(long[1]).toBeCloseTo(0.8, 12);
    const short = Float64Array.of(0.3, 0.4);
    clipGradient(short, 1);
    expect([...short]).toEqual([0.3, 0.4]);
  });
});
