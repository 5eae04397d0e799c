/**
 * The sizes of a network: one LSTM layer and a linear unit on top. Its weights are one flat array: for each of the 4 · hidden gate units, in the order input,
 * forget, cell, output, a row of `inputs` weights, `hidden` recurrent weights and a bias; then the weights of the unit on top and its bias.
 *
 * Source: Hochreiter and Schmidhuber, Neural Computation 9 (1997), with the forget gate of Gers et al. (2000); the equations are those of PyTorch's LSTM with one bias.
 */
export interface LstmShape {
  readonly inputs: number;
  readonly hidden: number;
}

export function weightCount({ inputs, hidden }: LstmShape): number {
  return 4 * hidden * rowLength({ inputs, hidden }) + hidden + 1;
}

/** Weights of a gate unit. */
export function rowLength({ inputs, hidden }: LstmShape): number {
  return inputs + hidden + 1;
}

/** What one step leaves for the way back, and for the next step. */
export interface LstmStep {
  /** What every gate unit sees: inputs, output of the step before, 1. */
  readonly seen: Float64Array;
  /** The inputs in it. */
  readonly x: Float64Array;
  /** After their nonlinearities: input, forget, cell, output. */
  readonly gates: Float64Array;
  readonly cell: Float64Array;
  readonly tanhCell: Float64Array;
  readonly output: Float64Array;
}

export function emptyStep({ inputs, hidden }: LstmShape): LstmStep {
  const seen = new Float64Array(rowLength({ inputs, hidden }));
  return {
    seen,
    x: seen.subarray(0, inputs),
    gates: new Float64Array(4 * hidden),
    cell: new Float64Array(hidden),
    tanhCell: new Float64Array(hidden),
    output: new Float64Array(hidden),
  };
}

/**
 * One step forward.
 *
 * @param before the step before; its `cell` and `output` are read. It may be `into` itself, where nothing goes back. @param into its `x` holds the inputs, without NaN.
 * @returns what the unit on top says.
 */
export function stepForward(shape: LstmShape, weights: Float64Array, before: LstmStep, into: LstmStep): number {
  const { inputs, hidden } = shape;
  const { seen, gates, cell, tanhCell, output } = into;
  const row = seen.length;
  for (let k = 0; k < hidden; k++) seen[inputs + k] = before.output[k];
  seen[row - 1] = 1;
  let at = 0;
  for (let unit = 0; unit < 4 * hidden; unit++) {
    let sum = 0;
    for (let k = 0; k < row; k++) sum += weights[at + k] * seen[k];
    at += row;
    gates[unit] = unit >= 2 * hidden && unit < 3 * hidden ? Math.tanh(sum) : 1 / (1 + Math.exp(-sum));
  }
  let said = weights[at + hidden];
  for (let k = 0; k < hidden; k++) {
    cell[k] = gates[hidden + k] * before.cell[k] + gates[k] * gates[2 * hidden + k];
    tanhCell[k] = Math.tanh(cell[k]);
    output[k] = gates[3 * hidden + k] * tanhCell[k];
    said += weights[at + k] * output[k];
  }
  return said;
}
