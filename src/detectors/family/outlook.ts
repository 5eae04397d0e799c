import type { FeatureMachine, View } from "../../features/feature-machine.js";
import type { Prediction } from "../../forest/forest.js";
import { predictFast, type ScoringForest } from "../../forest/scoring-forest.js";

/** Narrowest half-width of the band, in robust deviations: a forest that saw a calm hour must not call a ripple news. */
const LEAST_HALF_WIDTH = 0.1;

/** What one view expects of the next slot. All figures in robust deviations of the series. */
export class Outlook {
  anchor = Number.NaN;
  expected = Number.NaN;
  /** Half-widths of the forest's 5–95 % band. */
  below = Number.NaN;
  above = Number.NaN;
  /** Signed distance of the slot from `expected`, in half-widths; NaN for a slot without a value. */
  distance = Number.NaN;

  private readonly view: View;
  private readonly features: FeatureMachine;
  private readonly forest: ScoringForest;
  private readonly row: Float32Array;
  private readonly prediction: Prediction = { mean: 0, low: 0, high: 0 };

  constructor(view: View, features: FeatureMachine, forest: ScoringForest) {
    this.view = view;
    this.features = features;
    this.forest = forest;
    this.row = new Float32Array(forest.featureCount);
  }

  /** Predicts the slot at `timeMs`. False, and nothing predicted, while there is no past to go by. */
  look(timeMs: number): boolean {
    this.anchor = this.features.anchor(this.view);
    if (this.anchor !== this.anchor) return false;
    this.features.describe(this.view, timeMs, this.anchor, this.row);
    predictFast(this.forest, this.row, this.prediction);
    const { mean, low, high } = this.prediction;
    this.expected = this.anchor + mean;
    this.below = Math.max(mean - low, LEAST_HALF_WIDTH);
    this.above = Math.max(high - mean, LEAST_HALF_WIDTH);
    return true;
  }

  measure(scaled: number): void {
    this.distance = this.distanceOf(scaled);
  }

  distanceOf(scaled: number): number {
    const residual = scaled - this.expected;
    return residual / (residual >= 0 ? this.above : this.below);
  }

  forget(): void {
    this.anchor = this.expected = this.below = this.above = this.distance = Number.NaN;
  }
}
