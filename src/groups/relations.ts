import type { StateCursor } from "../math/state-cursor.js";
import { FIT_LEAST_MS, MOST_DEVIATIONS, MOST_RELATED, RESIDUAL_FLOOR, RIDGE_BLOCKS } from "./limits.js";
import type { Grid, Member } from "./member.js";
import { precisionMatrix } from "./precision-matrix.js";

/** Below this share of its level a value does not vary: its digits end there. */
const LEAST_DEVIATION = 1e-9;

/**
 * How the values of the members usually go together: each one's ridge regression on all others, over means of blocks. A value that was
 * missing counts as usual.
 */
export class Relations {
  /** The members that were fitted, in their order. */
  readonly keys: readonly string[];
  private readonly means: Float64Array;
  /** 0: it did not vary, and has no relation. */
  private readonly deviations: Float64Array;
  private readonly precision: Float64Array;

  constructor(keys: readonly string[]) {
    this.keys = keys;
    this.means = new Float64Array(keys.length);
    this.deviations = new Float64Array(keys.length);
    this.precision = new Float64Array(keys.length ** 2);
  }

  /** Fits the members' rings of block means; no relations where the group is too large, or has too short a past. */
  static fit(members: readonly Member[], { blockMs }: Grid): Relations {
    const enough = members.filter(({ means }) => means.filter((one) => one === one).length * blockMs >= FIT_LEAST_MS);
    if (enough.length < 2 || enough.length > MOST_RELATED) return new Relations([]);
    const relations = new Relations(enough.map(({ key }) => key));
    const size = enough.length;
    for (const [j, { means }] of enough.entries()) relations.describe(j, means);
    const moments = new Float64Array(size * size);
    const row = new Float64Array(size);
    for (let block = 0; block < enough[0].means.length; block++) {
      for (let j = 0; j < size; j++) row[j] = relations.standardised(j, enough[j].means[block]);
      for (let a = 0; a < size; a++) {
        if (row[a] === 0) continue;
        for (let b = 0; b <= a; b++) moments[a * size + b] += row[a] * row[b];
      }
    }
    for (let j = 0; j < size; j++) moments[j * size + j] += RIDGE_BLOCKS;
    relations.precision.set(precisionMatrix(moments, size));
    return relations;
  }

  private describe(j: number, values: Float64Array): void {
    let count = 0;
    let sum = 0;
    for (const value of values) {
      if (value !== value) continue;
      count++;
      sum += value;
    }
    const mean = sum / count;
    let squares = 0;
    for (const value of values) if (value === value) squares += (value - mean) ** 2;
    const deviation = Math.sqrt(squares / count);
    this.means[j] = mean;
    this.deviations[j] = deviation > LEAST_DEVIATION * Math.max(1, Math.abs(mean)) ? deviation : 0;
  }

  private standardised(j: number, value: number): number {
    const deviation = this.deviations[j];
    if (value !== value || deviation === 0) return 0;
    return Math.max(-MOST_DEVIATIONS, Math.min(MOST_DEVIATIONS, (value - this.means[j]) / deviation));
  }

  /** Tells each member how far off the block was. @param means of the block, as `closeBlock` gave them. */
  judge(members: readonly Member[], block: number, means: Float64Array): void {
    const { keys, precision } = this;
    const size = keys.length;
    const row = new Float64Array(size);
    const place = new Int32Array(members.length).fill(-1);
    // Both are in the order of keys.
    for (let m = 0, j = 0; m < members.length && j < size; ) {
      const { key } = members[m];
      if (key === keys[j]) {
        row[j] = this.standardised(j, means[m]);
        place[m++] = j++;
      } else if (key < keys[j]) m++;
      else j++;
    }
    for (let m = 0; m < members.length; m++) {
      const j = place[m];
      members[m].noteOff(block, j < 0 || means[m] !== means[m] ? Number.NaN : offOf(j), RESIDUAL_FLOOR);
    }

    function offOf(j: number): number {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += precision[j * size + k] * row[k];
      return Math.abs(sum / precision[j * size + j]);
    }
  }

  walk(state: StateCursor): void {
    state.array(this.means);
    state.array(this.deviations);
    state.array(this.precision);
  }
}
