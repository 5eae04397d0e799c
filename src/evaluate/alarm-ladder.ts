import { DAY_MS } from "../time/duration.js";
import { ALARM_RULES, type AlarmRules } from "./alarm-metrics.js";
import { roundHalfEven } from "./round-half-even.js";

/** Rungs from a quarter of the threshold to a thousand times it, 4.4 % apart. */
const RUNGS_AN_OCTAVE = 16;
const LOWEST_OCTAVE = -2;
const HIGHEST_OCTAVE = 10;
const RUNGS = (HIGHEST_OCTAVE - LOWEST_OCTAVE) * RUNGS_AN_OCTAVE + 1;

const THRESHOLDS = Float64Array.from({ length: RUNGS }, (_, rung) => 2 ** (LOWEST_OCTAVE + rung / RUNGS_AN_OCTAVE));

/**
 * How many alarms a series would give on each day at each of many thresholds, in one pass over its scores. Alarms are counted as a
 * backtest counts them: flagged slots near each other are one, and one that stays on counts again each hour.
 */
export class AlarmLadder {
  private readonly days = new Map<number, Uint16Array>();
  private readonly cooldown: number;
  private readonly recount: number;
  /** By rung: the newest flagged slot, and where the alarm under way was counted last. */
  private readonly flagged = new Float64Array(RUNGS).fill(Number.NEGATIVE_INFINITY);
  private readonly counted = new Float64Array(RUNGS);

  constructor(stepMs: number, rules: AlarmRules = ALARM_RULES) {
    this.cooldown = Math.max(1, roundHalfEven(rules.cooldownMs / stepMs));
    this.recount = Math.max(1, roundHalfEven(rules.recountMs / stepMs));
  }

  /** The next slot, in order of time, that was scored. @param fixed an alarm at any threshold: a silence or a stall. */
  push(slot: number, timeMs: number, score: number, fixed: boolean): void {
    const day = Math.floor(timeMs / DAY_MS);
    let counts = this.days.get(day);
    if (counts === undefined) {
      counts = new Uint16Array(RUNGS);
      this.days.set(day, counts);
    }
    for (let rung = 0; rung < RUNGS && (fixed || THRESHOLDS[rung] <= score); rung++) {
      const isNew = slot - this.flagged[rung] > this.cooldown;
      if (isNew || slot - this.counted[rung] >= this.recount) {
        counts[rung]++;
        this.counted[rung] = isNew ? slot : this.counted[rung] + this.recount;
      }
      this.flagged[rung] = slot;
    }
  }

  /** The days that hold a scored slot, with the alarms of each rung. */
  *[Symbol.iterator](): Generator<{ readonly endMs: number; readonly alarms: Uint16Array }> {
    for (const [day, alarms] of this.days) yield { endMs: (day + 1) * DAY_MS, alarms };
  }
}

/** Alarms that the days together hold at a threshold, rounded to the nearest rung. */
export function alarmsAt(threshold: number, days: readonly { readonly alarms: Uint16Array }[]): number {
  const rung = Math.round((Math.log2(threshold) - LOWEST_OCTAVE) * RUNGS_AN_OCTAVE);
  const nearest = Math.max(0, Math.min(RUNGS - 1, rung));
  return days.reduce((sum, { alarms }) => sum + alarms[nearest], 0);
}

/** The lowest threshold at which the days together hold at most `alarms`; the highest there is where none does. */
export function thresholdFor(alarms: number, days: readonly { readonly alarms: Uint16Array }[]): number {
  return lowestThreshold((rung) => days.reduce((sum, day) => sum + day.alarms[rung], 0), alarms);
}

/** The lowest threshold at which there are at most `most` alarms; the highest there is where there are more at all of them. */
export function lowestThreshold(alarmsOf: (rung: number, threshold: number) => number, most: number): number {
  for (let rung = 0; rung < RUNGS - 1; rung++) {
    if (alarmsOf(rung, THRESHOLDS[rung]) <= most) return THRESHOLDS[rung];
  }
  return THRESHOLDS[RUNGS - 1];
}
