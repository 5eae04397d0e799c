import type { StateCursor } from "../../math/state-cursor.js";
import { DAY_MS, WEEK_MS } from "../../time/duration.js";

/**
 * What kind of series it is, by its own values so far:
 *
 * - **constant**: one value, for a week or since it began;
 * - **step**: rests at a value, and where it leaves it it stays at another;
 * - **sparse**: rests at a value and leaves it now and then;
 * - **counter**: only rises, but for resets;
 * - **seasonal**: the same time of other days predicts better than the last day does;
 * - **stationary**: all others.
 */
export type SeriesClass = "constant" | "step" | "sparse" | "counter" | "seasonal" | "stationary";

/** Falls among all changes of a counter: resets. */
const RESET_SHARE = 0.005;
/** A counter rises in most slots; what rests as often is a level that was raised. */
const RISING_SHARE = 0.5;
/** Of the changes of a step series this many lead to a value that stays. */
const STAYING_SHARE = 0.5;
/** A season is one if it leaves less than this share of the distance from the day's mean. */
const SEASONAL_SHARE = 0.8;

/** Counts how values follow each other; shares fade over a week, and are plain ones until then. */
export class ClassWatch {
  private readonly memory: number;
  private readonly daySlots: number;
  private seen = 0;
  private last = Number.NaN;
  private rest = Number.NaN;
  private rises = 0;
  private falls = 0;
  private stays = 0;
  private mean = Number.NaN;
  private seasonError = 0;
  private dayError = 0;
  private compared = 0;

  constructor(stepMs: number) {
    this.daySlots = Math.max(2, Math.round(DAY_MS / stepMs));
    this.memory = Math.max(2, Math.round(WEEK_MS / stepMs));
  }

  /**
   * @param value NaN says nothing.
   * @param offSeason how far it is from what the season lets expect; NaN where that is not known.
   */
  push(value: number, offSeason: number): void {
    if (value !== value) return;
    const { last, mean } = this;
    this.last = value;
    if (last !== last) {
      this.mean = value;
      return;
    }
    const share = 1 / Math.min(++this.seen, this.memory);
    const towards = (rate: number, one: boolean) => rate + share * ((one ? 1 : 0) - rate);
    this.rises = towards(this.rises, value > last);
    this.falls = towards(this.falls, value < last);
    // The second equal value in a row at another level than before: a step that stays.
    this.stays = towards(this.stays, value === last && value !== this.rest);
    if (value === last) this.rest = value;
    this.mean += (value - mean) / Math.min(this.seen + 1, this.daySlots);
    if (offSeason !== offSeason) return;
    const weight = 1 / Math.min(++this.compared, this.memory);
    this.seasonError += weight * (Math.abs(offSeason) - this.seasonError);
    this.dayError += weight * (Math.abs(value - mean) - this.dayError);
  }

  /** Only ever rises, but for resets. */
  get isCounter(): boolean {
    return this.rises >= RISING_SHARE && this.falls <= RESET_SHARE * (this.rises + this.falls);
  }

  /** @param isSparse it rests at one value for most of the time. */
  classOf(isSparse: boolean): SeriesClass {
    const changes = this.rises + this.falls;
    // Fewer changes than one a week.
    if (changes < 1 / this.memory) return "constant";
    if (isSparse) return this.stays >= STAYING_SHARE * changes ? "step" : "sparse";
    if (this.isCounter) return "counter";
    return this.seasonError < SEASONAL_SHARE * this.dayError ? "seasonal" : "stationary";
  }

  walk(state: StateCursor): void {
    this.seen = state.number(this.seen);
    this.last = state.number(this.last);
    this.rest = state.number(this.rest);
    this.rises = state.number(this.rises);
    this.falls = state.number(this.falls);
    this.stays = state.number(this.stays);
    this.mean = state.number(this.mean);
    this.seasonError = state.number(this.seasonError);
    this.dayError = state.number(this.dayError);
    this.compared = state.number(this.compared);
  }
}
