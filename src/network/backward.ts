import { type LstmShape, type LstmStep, rowLength } from "./lstm.js";

/**
 * Back-propagation through a stretch of steps, truncated at its beginning: adds the gradient of a loss by every weight to `gradient`.
 *
 * @param steps `steps[0]` is the one before the stretch; `steps[1] … steps[count]` are the stretch. @param slopes of the loss by what the unit on top said, by step, from 1 on.
 * @param gradient as many numbers as there are weights.
 */
export function backward(
  shape: LstmShape,
  weights: Float64Array,
  steps: readonly LstmStep[],
  count: number,
  slopes: Float64Array,
  gradient: Float64Array,
): void {
  const { inputs, hidden } = shape;
  const row = rowLength(shape);
  const top = 4 * hidden * row;
  const ofSeen = new Float64Array(row);
  const ofOutput = ofSeen.subarray(inputs, inputs + hidden);
  const ofCell = new Float64Array(hidden);
  const ofGates = new Float64Array(4 * hidden);
  for (let t = count; t >= 1; t--) {
    const { seen, gates, tanhCell, output } = steps[t];
    const before = steps[t - 1];
    const slope = slopes[t];
    gradient[top + hidden] += slope;
    for (let k = 0; k < hidden; k++) {
      gradient[top + k] += slope * output[k];
      const [i, f, g, o] = [gates[k], gates[hidden + k], gates[2 * hidden + k], gates[3 * hidden + k]];
      const byOutput = ofOutput[k] + slope * weights[top + k];
      const byCell = ofCell[k] + byOutput * o * (1 - tanhCell[k] * tanhCell[k]);
      ofGates[k] = byCell * g * i * (1 - i);
      ofGates[hidden + k] = byCell * before.cell[k] * f * (1 - f);
      ofGates[2 * hidden + k] = byCell * i * (1 - g * g);
      ofGates[3 * hidden + k] = byOutput * tanhCell[k] * o * (1 - o);
      ofCell[k] = byCell * f;
    }
    ofSeen.fill(0);
    for (let unit = 0; unit < 4 * hidden; unit++) {
      const by = ofGates[unit];
      const at = unit * row;
      for (let k = 0; k < row; k++) {
        gradient[at + k] += by * seen[k];
        ofSeen[k] += by * weights[at + k];
      }
    }
  }
}
