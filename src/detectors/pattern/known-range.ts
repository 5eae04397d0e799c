import type { StateCursor } from "../../math/state-cursor.js";
import { DAY_MS } from "../../time/duration.js";

/** A range that was left a month ago is news again. */
const DAYS = 28;

/** The lowest and highest value of the last four weeks, by days of the clock in UTC. */
export class KnownRange {
  low = Number.NaN;
  high = Number.NaN;
  private readonly lows = new Float64Array(DAYS).fill(Number.NaN);
  private readonly highs = new Float64Array(DAYS).fill(Number.NaN);
  private day = Number.NaN;

  /** Forgets the days that are past. */
  look(timeMs: number): void {
    const day = Math.floor(timeMs / DAY_MS);
    if (day === this.day) return;
    const past = this.day === this.day ? Math.min(DAYS, day - this.day) : DAYS;
    for (let i = 0; i < past; i++) {
      this.lows[(day - i) % DAYS] = Number.NaN;
      this.highs[(day - i) % DAYS] = Number.NaN;
    }
    this.day = day;
    this.low = this.high = Number.NaN;
    for (let i = 0; i < DAYS; i++) {
      if (!(this.lows[i] >= this.low) && this.lows[i] === this.lows[i]) this.low = this.lows[i];
      if (!(this.highs[i] <= this.high) && this.highs[i] === this.highs[i]) this.high = this.highs[i];
    }
  }

  /** @param value of the day that was looked at last; NaN says nothing. */
  learn(value: number): void {
    if (value !== value) return;
    const at = this.day % DAYS;
    if (!(this.lows[at] <= value)) this.lows[at] = value;
    if (!(this.highs[at] >= value)) this.highs[at] = value;
    if (!(this.low <= value)) this.low = value;
    if (!(this.high >= value)) this.high = value;
  }

  walk(state: StateCursor): void {
    this.low = state.number(this.low);
    this.high = state.number(this.high);
    this.day = state.number(this.day);
    state.array(this.lows);
    state.array(this.highs);
  }
}
