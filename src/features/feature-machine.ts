import { DAY_MS, formatDuration, HOUR_MS, MINUTE_MS } from "../time/duration.js";
import { offsetMs } from "../time/timezone.js";
import { type FeaturePlan, slotsOf } from "./feature-plan.js";
import { MISSING, UNITS_PER_DEVIATION } from "./quantise.js";
import { RollingExtremum } from "./rolling-extremum.js";
import { RollingWindow } from "./rolling-window.js";
import { SlotRing } from "./slot-ring.js";

/** A lag reads the median of this many slots on either side too, so that yesterday's single spike is not today's norm. */
const LAG_HALF_WIDTH = 1;
/** The days whose same hour forms the short season. Two alone could not outvote one bad day. */
const SEASON_DAYS = [1, 2, 3];

/**
 * Two ways to look at the same past.
 *
 * `recent` knows the last hour and predicts the next slot closely, but a slow drift leads it astray. `seasonal` knows the
 * last day only as a whole, and the same hour of the days before: less close, but it is not led.
 */
export type View = "recent" | "seasonal";

/**
 * The features of one series, slot by slot, from the past only: `describe` the row of the next slot, then `push` its value.
 *
 * Levels are given relative to an **anchor**, the mean of the last hour or day, and so is what the forest predicts. A tree
 * cannot extrapolate; a move from the anchor it can, whatever the level has drifted to.
 *
 * A feature whose past holds no value is NaN.
 */
export class FeatureMachine {
  readonly plan: FeaturePlan;
  private readonly ring: SlotRing;
  private readonly windows: readonly RollingWindow[];
  private readonly lows: readonly RollingExtremum[];
  private readonly highs: readonly RollingExtremum[];
  private readonly longestWindow: number;
  private readonly lagSlots: readonly number[];
  private readonly lagAnchors: readonly RollingWindow[];
  private readonly seasonSlots: readonly number[];
  private readonly scratch = new Float64Array(2 * LAG_HALF_WIDTH + 1);
  private total = 0;
  private quarter = Number.NaN;
  private zoneOffsetMs = 0;
  private hour = 0;
  private weekday = 0;

  constructor(plan: FeaturePlan) {
    this.plan = plan;
    const { stepMs } = plan;
    const lengths = plan.windowsMs.map((windowMs) => slotsOf(windowMs, stepMs, 2));
    this.lagSlots = plan.lagsMs.map((lagMs) => slotsOf(lagMs, stepMs, LAG_HALF_WIDTH + 1));
    this.seasonSlots = SEASON_DAYS.map((days) => slotsOf(days * DAY_MS, stepMs, LAG_HALF_WIDTH + 1));
    this.longestWindow = lengths[lengths.length - 1];
    this.windows = lengths.map((length) => new RollingWindow(0, length));
    this.lows = lengths.map((length) => new RollingExtremum(length, "min"));
    this.highs = lengths.map((length) => new RollingExtremum(length, "max"));
    // The hour before the slot that lies one lag back: its newest slot has age lag + 1 seen from the next slot.
    this.lagAnchors = this.lagSlots.map((lag) => new RollingWindow(lag, lengths[0]));
    this.ring = new SlotRing(historySlots(plan));
  }

  /** How many slots were pushed so far. */
  get pushed(): number {
    return this.total;
  }

  /** Slots of the last day that hold a value. */
  get recentCount(): number {
    return this.windows[this.windows.length - 1].count;
  }

  /**
   * The level that the rows of the next slot are relative to, in robust deviations: the mean of the last hour (`recent`) or
   * of the last day (`seasonal`), or of what there is. NaN while there is no past at all.
   */
  anchor(view: View): number {
    const first = view === "recent" ? 0 : this.windows.length - 1;
    for (let i = first; i < this.windows.length; i++) if (this.windows[i].count > 0) return this.windows[i].mean();
    return this.lagValue(this.lagSlots[0]);
  }

  /** Writes one view's features of the slot at `timeMs`, the one after the newest pushed, to `row`. */
  describe(view: View, timeMs: number, anchor: number, row: Float32Array): void {
    let at = 0;
    if (view === "recent") {
      row[at++] = this.newest() - anchor;
      row[at++] = anchor;
      for (let i = 0; i < this.windows.length; i++) {
        if (i > 0) row[at++] = this.windows[i].mean() - anchor;
        row[at++] = this.windows[i].standardDeviation();
        row[at++] = this.lows[i].value() - anchor;
        row[at++] = this.highs[i].value() - anchor;
      }
    } else {
      const day = this.windows.length - 1;
      row[at++] = anchor;
      row[at++] = this.windows[day].standardDeviation();
      row[at++] = this.lows[day].value() - anchor;
      row[at++] = this.highs[day].value() - anchor;
    }
    for (let i = 0; i < this.lagSlots.length; i++) {
      const value = this.lagValue(this.lagSlots[i]);
      row[at++] = value - anchor;
      if (view === "recent") row[at++] = value - this.lagAnchors[i].mean();
    }
    row[at++] = this.season() - anchor;
    this.followCalendar(timeMs);
    row[at++] = this.hour;
    row[at] = this.weekday;
  }

  /** Value `lagMs` before the next slot, smoothed as the lag features are; NaN if unknown. In robust deviations. */
  lagged(lagMs: number): number {
    return this.lagValue(slotsOf(lagMs, this.plan.stepMs, LAG_HALF_WIDTH + 1));
  }

  /** Moves on by one slot that holds `value` (quantised; MISSING for none). */
  push(value: number): void {
    this.ring.push(value);
    this.total++;
    for (const window of this.windows) window.slide(this.ring);
    for (const low of this.lows) low.slide(this.ring);
    for (const high of this.highs) high.slide(this.ring);
    for (const window of this.lagAnchors) window.slide(this.ring);
  }

  /** Length of what `save` writes. */
  get stateLength(): number {
    return this.ring.capacity + 1;
  }

  save(into: Float64Array, offset: number): number {
    into[offset] = this.total;
    return this.ring.save(into, offset + 1);
  }

  restore(from: Float64Array, offset: number): number {
    const end = this.ring.restore(from, offset + 1);
    this.total = from[offset];
    const slots = this.ring.from(1, this.longestWindow);
    RollingWindow.rebuildAll(this.windows, slots);
    RollingExtremum.rebuildAll(this.lows, slots, this.ring.pushed);
    RollingExtremum.rebuildAll(this.highs, slots, this.ring.pushed);
    for (const window of this.lagAnchors) window.rebuild(this.ring);
    return end;
  }

  private newest(): number {
    // Up to an hour back: a single missing slot should not blind the feature.
    for (let age = 1; age <= this.windows[0].length; age++) {
      const value = this.ring.back(age);
      if (value !== MISSING) return value / UNITS_PER_DEVIATION;
    }
    return Number.NaN;
  }

  /** Median of the slots around one lag; NaN if all are missing. The next slot has age 0. */
  private lagValue(lag: number): number {
    let n = 0;
    for (let age = lag - LAG_HALF_WIDTH; age <= lag + LAG_HALF_WIDTH; age++) {
      const value = this.ring.back(age);
      if (value !== MISSING) this.scratch[n++] = value;
    }
    return medianOf(this.scratch, n) / UNITS_PER_DEVIATION;
  }

  private season(): number {
    const a = this.lagValue(this.seasonSlots[0]);
    const b = this.lagValue(this.seasonSlots[1]);
    const c = this.lagValue(this.seasonSlots[2]);
    if (a !== a) return b !== b ? c : c !== c ? b : (b + c) / 2;
    if (b !== b) return c !== c ? a : (a + c) / 2;
    if (c !== c) return (a + b) / 2;
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }

  /** Zones change their offset on quarter hours at most, so it is looked up once a quarter. */
  private followCalendar(timeMs: number): void {
    const quarter = Math.floor(timeMs / (15 * MINUTE_MS));
    if (quarter !== this.quarter) {
      this.quarter = quarter;
      this.zoneOffsetMs = this.plan.timezone === "UTC" ? 0 : offsetMs(timeMs, this.plan.timezone);
    }
    const localMs = timeMs + this.zoneOffsetMs;
    this.hour = (((localMs % DAY_MS) + DAY_MS) % DAY_MS) / HOUR_MS;
    // 1970-01-01 was a Thursday; Monday is 0.
    this.weekday = (((Math.floor(localMs / DAY_MS) + 3) % 7) + 7) % 7;
  }
}

/** Slots of past that a plan needs: its longest lag or season with what is read around and before it. */
export function historySlots(plan: FeaturePlan): number {
  const { stepMs } = plan;
  const longestLag = slotsOf(Math.max(...plan.lagsMs, SEASON_DAYS[2] * DAY_MS), stepMs, LAG_HALF_WIDTH + 1);
  const longestWindow = slotsOf(Math.max(...plan.windowsMs), stepMs, 2);
  const hour = slotsOf(plan.windowsMs[0], stepMs, 2);
  return Math.max(longestLag + hour, longestWindow) + LAG_HALF_WIDTH + 2;
}

/** Names of a row's columns, in order; they are what the summary and the manifest show. */
export function featureNames(plan: FeaturePlan, view: View): string[] {
  const windows = plan.windowsMs.map(formatDuration);
  const lags = plan.lagsMs.map(formatDuration);
  const day = windows[windows.length - 1];
  const season = ["season_72h", "hour", "weekday"];
  if (view === "seasonal") {
    return [`mean_${day}`, `std_${day}`, `min_${day}`, `max_${day}`, ...lags.map((lag) => `lag_${lag}`), ...season];
  }
  const names = ["last", `mean_${windows[0]}`];
  windows.forEach((window, i) => {
    if (i > 0) names.push(`mean_${window}`);
    names.push(`std_${window}`, `min_${window}`, `max_${window}`);
  });
  for (const lag of lags) names.push(`lag_${lag}`, `change_${lag}`);
  return [...names, ...season];
}

/** Median of the first `n` (≤ 3) entries. */
function medianOf(values: Float64Array, n: number): number {
  if (n === 0) return Number.NaN;
  if (n === 1) return values[0];
  if (n === 2) return (values[0] + values[1]) / 2;
  const a = values[0];
  const b = values[1];
  const c = values[2];
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
