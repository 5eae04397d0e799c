import { type Boosted, predictBoosted } from "../../../forest/boosting.js";
import type { StateCursor } from "../../../math/state-cursor.js";
import type { Forecaster } from "../../band/forecaster.js";
import type { SeriesScale } from "../../trained/series-scale.js";
import { UsualError } from "../../trained/usual-error.js";
import { RecentFeatures, slotsFor } from "../recent-features.js";
import type { BoostedFamily } from "./learned.js";
import { scaledValue } from "./scaled.js";

/** Trees that train has grown on all series, one slot ahead, on the values of one of them in its spreads. */
export class FamilyForecaster implements Forecaster {
  readonly words = "value against what the trees expect";
  expected = Number.NaN;
  below = Number.NaN;
  above = Number.NaN;
  private readonly boosted: Boosted;
  private readonly scale: SeriesScale;
  private readonly features: RecentFeatures;
  private readonly errors: UsualError;

  constructor(timezone: string, { stepMs, lagsMs, boosted }: BoostedFamily, scale: SeriesScale) {
    this.boosted = boosted;
    this.scale = scale;
    this.features = new RecentFeatures(stepMs, timezone, lagsMs, slotsFor(stepMs, lagsMs));
    this.errors = new UsualError(scale.error);
  }

  look(timeMs: number): void {
    const { features, scale } = this;
    this.expected = Number.NaN;
    if (!(scale.spread > 0)) return;
    features.describe(timeMs);
    this.expected = scale.location + scale.spread * (features.anchor + predictBoosted(this.boosted, features.row));
    this.below = this.above = this.errors.size;
  }

  learn(_: number, value: number): void {
    if (!(this.scale.spread > 0)) return;
    this.errors.push(value - this.expected);
    this.features.push(scaledValue(value, this.scale));
  }

  pass(): void {
    if (this.scale.spread > 0) this.features.push(scaledValue(this.expected, this.scale));
  }

  walk(state: StateCursor): void {
    this.features.walk(state);
    this.errors.walk(state);
  }
}
