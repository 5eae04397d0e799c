import type { StateCursor } from "../../math/state-cursor.js";
import { DAY_MS } from "../../time/duration.js";
import type { Forecaster } from "../band/forecaster.js";
import { RecentLevel } from "../band/recent-level.js";
import { resolutionOf } from "../finite.js";

/** The expected value keeps this share of the way between the limits, or of a limit's size, away from them. */
const CLEAR_SHARE = 0.05;

/**
 * Limits that a person has set: the band is exactly [low, high]. What is expected is the level of the last day, held inside the limits; so the score says how far of
 * the way to the limit a value has gone.
 */
export class FixedLimits implements Forecaster {
  readonly words = "value against the limit that was set";
  expected = Number.NaN;
  below = Number.NaN;
  above = Number.NaN;
  private readonly low: number;
  private readonly high: number;
  private readonly level: RecentLevel;

  /** @param low −Infinity: none. @param high Infinity: none. */
  constructor(stepMs: number, low: number, high: number) {
    this.low = low;
    this.high = high;
    this.level = new RecentLevel(stepMs, DAY_MS);
  }

  look(): void {
    this.level.look();
    const { low, high } = this;
    const span = spanOf(low, high);
    const clear = Math.max(CLEAR_SHARE * span, resolutionOf(span));
    this.expected = Math.min(high - clear, Math.max(low + clear, this.level.expected));
    this.below = this.expected - low;
    this.above = high - this.expected;
  }

  learn(timeMs: number, value: number): void {
    this.level.learn(timeMs, value);
  }

  walk(state: StateCursor): void {
    this.level.walk(state);
  }
}

/** What a distance from the limits is measured by: the way between them, or the size of the only one. */
function spanOf(low: number, high: number): number {
  if (Number.isFinite(low) && Number.isFinite(high)) return high - low;
  if (Number.isFinite(high)) return Math.abs(high);
  return Number.isFinite(low) ? Math.abs(low) : 0;
}
