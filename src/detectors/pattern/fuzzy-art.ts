import type { StateCursor } from "../../math/state-cursor.js";

/** The choice parameter α: small, so that the category that an input lies in is chosen before a wider one. */
const ALPHA = 1e-3;

/**
 * Fuzzy ART with fast learning: categories are boxes, each input goes to the box that it fits best if the box stays small enough, or begins
 * one of its own. The number of boxes is bounded; the one that was met longest ago is forgotten.
 *
 * Inputs are complement coded, I = (a, 1 − a), so |I| is the number of features; |x| is the sum, ∧ the smaller one by feature.
 *
 * @see Carpenter, Grossberg, Rosen: Fuzzy ART, Neural Networks 4 (1991)
 */
export class FuzzyArt {
  private readonly features: number;
  private readonly vigilance: number;
  /** Complement-coded weights by category. */
  private readonly weights: Float32Array;
  /** When each category was met last, in inputs; 0: a free place. */
  private readonly metAt: Float64Array;
  private inputs = 0;

  /** @param vigilance least match (0–1) with a category that an input belongs to. */
  constructor(features: number, categories: number, vigilance: number) {
    this.features = features;
    this.vigilance = vigilance;
    this.weights = new Float32Array(categories * 2 * features);
    this.metAt = new Float64Array(categories);
  }

  /**
   * Learns an input and says how near it was to what was there before.
   *
   * @param input features from 0 to 1.
   * @returns how near the nearest category is (0–1): 1 − its city-block distance |w| − |I ∧ w| by feature, so 1 for an input that lies in a
   * category; NaN for the first input. The match itself is smaller for wide categories, whether an input is new to them or not.
   */
  learn(input: ArrayLike<number>): number {
    const { features, metAt } = this;
    let nearest = Number.NaN;
    let chosen = -1;
    let highest = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < metAt.length && metAt[j] > 0; j++) {
      const { shared, size } = this.against(input, j);
      const match = shared / features;
      const near = 1 - (size - shared) / features;
      if (!(nearest >= near)) nearest = near;
      const choice = shared / (ALPHA + size);
      if (match >= this.vigilance && choice > highest) {
        highest = choice;
        chosen = j;
      }
    }
    this.inputs++;
    this.adopt(chosen < 0 ? this.freePlace() : chosen, input, chosen < 0);
    return nearest;
  }

  /** |I ∧ w| and |w|. */
  private against(input: ArrayLike<number>, category: number): { shared: number; size: number } {
    const { features, weights } = this;
    const from = category * 2 * features;
    let shared = 0;
    let size = 0;
    for (let i = 0; i < features; i++) {
      const low = weights[from + i];
      const high = weights[from + features + i];
      size += low + high;
      shared += Math.min(low, input[i]) + Math.min(high, 1 - input[i]);
    }
    return { shared, size };
  }

  private freePlace(): number {
    let oldest = 0;
    for (let j = 0; j < this.metAt.length; j++) if (this.metAt[j] < this.metAt[oldest]) oldest = j;
    return oldest;
  }

  private adopt(category: number, input: ArrayLike<number>, isNew: boolean): void {
    const { features, weights } = this;
    const from = category * 2 * features;
    for (let i = 0; i < features; i++) {
      const low = isNew ? 1 : weights[from + i];
      const high = isNew ? 1 : weights[from + features + i];
      weights[from + i] = Math.min(low, input[i]);
      weights[from + features + i] = Math.min(high, 1 - input[i]);
    }
    this.metAt[category] = this.inputs;
  }

  walk(state: StateCursor): void {
    this.inputs = state.number(this.inputs);
    state.array(this.weights);
    state.array(this.metAt);
  }
}
