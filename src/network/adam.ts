const FADE_MEAN = 0.9;
const FADE_SQUARE = 0.999;
const TINY = 1e-8;

/** What Adam remembers of the gradients so far; plain data. */
export interface AdamState {
  readonly means: Float64Array;
  readonly squares: Float64Array;
  steps: number;
}

export function emptyAdam(weights: number): AdamState {
  return { means: new Float64Array(weights), squares: new Float64Array(weights), steps: 0 };
}

/**
 * Moves weights against their gradient by Adam, with the constants of the paper.
 *
 * Source: Kingma and Ba, arXiv 1412.6980 (2014), algorithm 1.
 */
export function adamStep(weights: Float64Array, gradient: Float64Array, rate: number, state: AdamState): void {
  const { means, squares } = state;
  state.steps++;
  const meanScale = 1 - FADE_MEAN ** state.steps;
  const squareScale = 1 - FADE_SQUARE ** state.steps;
  for (let w = 0; w < weights.length; w++) {
    means[w] += (1 - FADE_MEAN) * (gradient[w] - means[w]);
    squares[w] += (1 - FADE_SQUARE) * (gradient[w] * gradient[w] - squares[w]);
    weights[w] -= (rate * (means[w] / meanScale)) / (Math.sqrt(squares[w] / squareScale) + TINY);
  }
}

/** Shortens a gradient that is longer than `longest`; an exploding one would throw the weights away. */
export function clipGradient(gradient: Float64Array, longest: number): void {
  let squares = 0;
  for (const one of gradient) squares += one * one;
  const length = Math.sqrt(squares);
  if (!(length > longest)) return;
  for (let w = 0; w < gradient.length; w++) gradient[w] *= longest / length;
}
