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

  /** @param low −Infinity: none. @param high Infinity: none. One of them is finite. */
  constructor(stepMs: number, low: number, high: number) {
    this.low = low;
    this.high = high;
    this.level = new RecentLevel(stepMs, DAY_MS);
  }

  look(): void {
    this.level.look();
    const { low, high } = this;
    const span = Number.isFinite(high - low) ? high - low : Math.abs(Number.isFinite(high) ? high : low);
    const clear = Math.max(CLEAR_SHARE * span, resolutionOf(span));
    const level =
      this.level.expected === this.level.expected
        ? this.level.expected
        : (Math.max(low, -span) + Math.min(high, span)) / 2;
    this.expected = Math.min(high - clear, Math.max(low + clear, level));
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
