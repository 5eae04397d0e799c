import { HOUR_MS, MINUTE_MS, WEEK_MS } from "../time/duration.js";
import { type LabelledEvent, labelledEvents } from "./events.js";
import { roundHalfEven } from "./round-half-even.js";
import { ranked, type ScoredSeries } from "./scored-series.js";

/** How alarms are counted against events: as an operator would who is paged by them. */
export interface AlarmRules {
  /** An event is caught by a flagged slot up to this long before its start … */
  readonly beforeMs: number;
  /** … and this long after it, or up to its end if that is sooner. What comes later inside the event counts as found later. */
  readonly delayMs: number;
  /** Flagged slots no further apart are one alarm; one this soon after an event belongs to it. */
  readonly cooldownMs: number;
  /** An alarm that stays on counts again each time: else "always on" would be one perfect alarm. */
  readonly recountMs: number;
}

/** The rules of the quality gates that published figures are held against. */
export const ALARM_RULES: AlarmRules = {
  beforeMs: 2 * MINUTE_MS,
  delayMs: 30 * MINUTE_MS,
  cooldownMs: 10 * MINUTE_MS,
  recountMs: HOUR_MS,
};

/** Counts of flagging at one threshold, which add up over series. */
export interface AlarmCounts {
  readonly events: number;
  readonly caught: number;
  /** Events whose first flagged slot lies inside them, but too late to be caught. */
  readonly foundLater: number;
  readonly alarms: number;
  /** Alarms that overlap an event widened by `beforeMs` before it and `cooldownMs` after it. */
  readonly trueAlarms: number;
  readonly falseAlarms: number;
}

/** What flagging at one threshold comes to on one series. */
export interface AlarmMetrics extends AlarmCounts {
  /** Length of what counts, in weeks. */
  readonly weeks: number;
  /** Of each caught event, from its start to its first flagged slot; 0 where that came before. */
  readonly delaysMs: readonly number[];
}

/** The rules in slots of one series, and its events: what does not change from threshold to threshold. */
export interface AlarmCounter {
  /** @param threshold slots with at least this score are flagged; a slot without score counts as -1. */
  at(threshold: number): AlarmMetrics;
}

/** Prepares one series for counting at many thresholds; each count is one pass over the scores. */
export function alarmCounter(series: ScoredSeries, rules: AlarmRules = ALARM_RULES): AlarmCounter {
  const { label, stepMs, ignoreSlots } = series;
  const score = ranked(series.score);
  const n = score.length;
  const cooldown = Math.max(1, roundHalfEven(rules.cooldownMs / stepMs));
  const before = roundHalfEven(rules.beforeMs / stepMs);
  const delay = roundHalfEven(rules.delayMs / stepMs);
  const recount = Math.max(1, roundHalfEven(rules.recountMs / stepMs));
  const events = labelledEvents(label, ignoreSlots);
  const weeks = ((n - ignoreSlots) * stepMs) / WEEK_MS;
  return {
    at(threshold) {
      const flagged = flaggedSlots(score, threshold, ignoreSlots);
      const waits = events.flatMap((event) => waitOf(event, flagged, before));
      const delays = waits.filter((slots) => slots <= delay);
      const { alarms, trueAlarms } = countAlarms(flagged, events, { cooldown, before, recount });
      return {
        events: events.length,
        caught: delays.length,
        foundLater: waits.length - delays.length,
        alarms,
        trueAlarms,
        falseAlarms: alarms - trueAlarms,
        weeks,
        delaysMs: delays.map((slots) => slots * stepMs),
      };
    },
  };
}

/** What flagging at a threshold comes to on one series. */
export function alarmMetrics(series: ScoredSeries, threshold = 1, rules: AlarmRules = ALARM_RULES): AlarmMetrics {
  return alarmCounter(series, rules).at(threshold);
}

function flaggedSlots(score: Float64Array, threshold: number, from: number): Int32Array {
  let count = 0;
  for (let i = from; i < score.length; i++) if (score[i] >= threshold) count++;
  const flagged = new Int32Array(count);
  let k = 0;
  for (let i = from; k < count; i++) if (score[i] >= threshold) flagged[k++] = i;
  return flagged;
}

/** Slots from the event's start to its first flagged slot, 0 for one before it; as a list of one, empty where it has none. */
function waitOf(event: LabelledEvent, flagged: Int32Array, before: number): number[] {
  const from = event.first - before;
  let low = 0;
  let high = flagged.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (flagged[middle] < from) low = middle + 1;
    else high = middle;
  }
  return low < flagged.length && flagged[low] <= event.last ? [Math.max(0, flagged[low] - event.first)] : [];
}

interface RuleSlots {
  readonly cooldown: number;
  readonly before: number;
  readonly recount: number;
}

function countAlarms(flagged: Int32Array, events: readonly LabelledEvent[], rules: RuleSlots) {
  const { cooldown, before, recount } = rules;
  let alarms = 0;
  let trueAlarms = 0;
  let event = 0;
  for (let k = 0; k < flagged.length; ) {
    const first = flagged[k];
    while (k + 1 < flagged.length && flagged[k + 1] - flagged[k] <= cooldown) k++;
    const last = flagged[k++];
    for (let start = first; start <= last; start += recount) {
      const end = Math.min(start + recount - 1, last);
      alarms++;
      // Events are in order of time, so those that ended before this alarm are done with.
      while (event < events.length && events[event].last + cooldown < start) event++;
      if (event < events.length && events[event].first - before <= end) trueAlarms++;
    }
  }
  return { alarms, trueAlarms };
}
