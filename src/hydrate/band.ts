import type { Series, TimeRange } from "../series/series.js";

/** What was expected of a series, slot by slot; NaN where nothing can be said. */
export interface Band {
  readonly expected: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** Where the expected band of a window comes from: a model, handed in so that hydrating needs none. */
export interface BandProvider {
  /** How much of the series before the range is needed, ms: the model's longest lag and its warm-up. */
  readonly historyMs: number;
  /**
   * The band on the slots of the range. The series reaches from at least `historyMs` before the range (where the source
   * had so much) to its end. Undefined where the model cannot say anything of this series.
   */
  band(series: Series, range: TimeRange): Band | undefined;
}
