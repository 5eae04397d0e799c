import { SortedWindow } from "../../math/sorted-window.js";
import type { StateCursor } from "../../math/state-cursor.js";
import { formatDuration } from "../../time/duration.js";
import { sampleStride } from "../machine/sample-stride.js";
import { slotsOfWindow } from "../machine/window.js";
import type { ResidualOptions } from "./options.js";
import { RecentMean } from "./recent-mean.js";
import { SeasonRing } from "./season-ring.js";

/**
 * A gap of up to this share of a window is passed over: the median is of as many values as ever, one of them a little older. Behind a longer
 * one they would be of another time.
 */
const PASSED_SHARE = 0.25;

/**
 * What a slot is compared with, all in the metric's unit:
 *
 * - **difference in differences** for each median window w: (x − med_w x) − (S − med_w S), what moved now and did not move
 *   at the same time of the days before (S, the season);
 * - their **mean**, of the newest few of the longest of these: small deviations that last;
 * - **level**: (x − S) − med_day(x − S), a level that stays elsewhere.
 */
export class ResidualBank {
  /** How many residuals `compare` gives. */
  readonly count: number;
  /** What the longest median window lets expect of the slot; NaN while there is no past. */
  expected = Number.NaN;
  /** Distance of the slot from the usual of its hour and day, as the level residual. */
  level = Number.NaN;
  /** What each residual is, in words. */
  readonly names: readonly string[];
  private seasonNow = Number.NaN;
  private wallSlot = Number.NaN;
  /** Slots without a value in a row. */
  private gap = 0;
  /** By window: so long a gap is passed over. */
  private readonly passed: readonly number[];
  private readonly season: SeasonRing;
  private readonly medians: readonly SortedWindow[];
  private readonly seasonMedians: readonly SortedWindow[];
  private readonly mean: RecentMean;
  private readonly levels: SortedWindow;

  constructor(stepMs: number, options: ResidualOptions) {
    this.season = new SeasonRing(stepMs, options.seasonDays);
    const slots = options.medians.map((window) => slotsOfWindow(window, stepMs));
    this.passed = slots.map((count) => Math.max(1, Math.floor(count * PASSED_SHARE)));
    this.medians = slots.map((count) => new SortedWindow(count));
    this.seasonMedians = slots.map((count) => new SortedWindow(count));
    this.mean = new RecentMean(options.meanSlots);
    this.levels = new SortedWindow(Math.max(2, Math.round(options.levelMs / (stepMs * sampleStride(stepMs)))));
    const spans = slots.map((count) => formatDuration(count * stepMs));
    this.names = [
      ...spans.map((span) => `value against the median of ${span}, and the same of other days`),
      `mean of ${options.meanSlots} slots against the median of ${spans[spans.length - 1]}`,
      "level against that of the day, and of this hour on other days",
    ];
    this.count = this.names.length;
  }

  /** Writes the residuals of the next slot to `into`; NaN for what cannot be compared. @param wallSlot where the clock stands. */
  compare(wallSlot: number, value: number, into: Float64Array): void {
    this.wallSlot = wallSlot;
    this.seasonNow = this.season.at(wallSlot);
    let at = 0;
    let longest = Number.NaN;
    for (let w = 0; w < this.medians.length; w++) {
      const seasonal = this.seasonNow - this.seasonMedians[w].median();
      this.expected = this.medians[w].median() + (seasonal === seasonal ? seasonal : 0);
      longest = value - this.expected;
      into[at++] = longest;
    }
    into[at++] = this.mean.push(longest);
    this.level = value - this.seasonNow - this.levels.median();
    into[at] = this.level;
  }

  /** How much residual `i` moves with the slot's value: all of it, or its share of a mean. */
  slope(i: number): number {
    return i === this.medians.length ? 1 / this.mean.count : 1;
  }

  /**
   * @param known the slot's value, or what was expected of it while an incident is held back.
   * @param isSample the slot counts for the level too.
   */
  learn(known: number, isSample: boolean): void {
    this.gap = known === known ? 0 : this.gap + 1;
    for (let w = 0; w < this.medians.length; w++) {
      if (this.gap > 0 && this.gap <= this.passed[w]) continue;
      this.medians[w].push(known);
      // Both medians are of the same slots, or a gap would look like a move.
      this.seasonMedians[w].push(known === known ? this.seasonNow : Number.NaN);
    }
    if (isSample) this.levels.push(known - this.seasonNow);
    this.season.push(this.wallSlot, known);
  }

  walk(state: StateCursor): void {
    this.gap = state.number(this.gap);
    this.levels.walk(state);
    for (const median of this.medians) median.walk(state);
    for (const median of this.seasonMedians) median.walk(state);
    this.mean.walk(state);
    this.season.walk(state);
  }
}
