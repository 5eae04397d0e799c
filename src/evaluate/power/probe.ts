import { emptySlot, type FittedDetector, type ScorerState, type SeriesKnowledge } from "../../detectors/detector.js";
import { RUN_CAUSES } from "../../detectors/rules.js";
import type { Series } from "../../series/series.js";
import { HOUR_MS } from "../../time/duration.js";
import { AlarmLadder, alarmsAt } from "../alarm-ladder.js";
import { ALARM_RULES } from "../alarm-metrics.js";
import { type Injection, injector } from "./inject.js";

/** Alarms are counted as records are made of them: those within an hour are one, however long it lasts. */
const EPISODE_RULES = { ...ALARM_RULES, cooldownMs: HOUR_MS, recountMs: Number.MAX_SAFE_INTEGER };

/** A series as one detector scored it on its own, without an incident; plain data. */
export interface Clean {
  /** By slot: what an alarm is judged by; infinite in a run that is an alarm at any threshold. */
  readonly score: Float32Array;
  /** How things stood before each place. */
  readonly states: readonly ScorerState[];
  /** Alarms on the days that count, by rung of the ladder of thresholds, without those that are one at any threshold. */
  readonly days: readonly { readonly alarms: Uint16Array }[];
  /** Alarms at any threshold on these days: silences, stalls, zeros. */
  readonly runs: number;
}

/**
 * Scores a series once, keeping the state before each place, so that an incident there costs only its own slots.
 *
 * @param places slots of the series, rising. @param countedFrom the slot from which on alarms count.
 */
export function replayClean(
  detector: FittedDetector,
  known: SeriesKnowledge,
  { startMs, stepMs, values }: Series,
  { places, countedFrom }: { readonly places: readonly number[]; readonly countedFrom: number },
): Clean {
  const scorer = detector.open(known);
  const slot = emptySlot();
  const states: ScorerState[] = [];
  const score = new Float32Array(values.length);
  const ladder = new AlarmLadder(stepMs, EPISODE_RULES);
  const runs = new AlarmLadder(stepMs, EPISODE_RULES);
  for (let i = 0; i < values.length; i++) {
    if (i === places[states.length]) states.push(scorer.save());
    const timeMs = startMs + i * stepMs;
    scorer.push(timeMs, values[i], slot);
    if (slot.warming) continue;
    const isRun = RUN_CAUSES.includes(slot.cause);
    score[i] = isRun ? (slot.score >= 1 ? Number.POSITIVE_INFINITY : 0) : slot.score;
    if (i < countedFrom) continue;
    ladder.push(i, timeMs, isRun ? 0 : slot.score, false);
    runs.push(i, timeMs, 0, isRun && slot.score >= 1);
  }
  return { score, states, days: [...ladder], runs: alarmsAt(1, [...runs]) };
}

/**
 * Slots from the begin of an incident to the alarm that it raises, that slot included; infinite where none comes within `most`
 * slots. An alarm that would have come anyway does not count.
 */
export type SlotsToAlarm = (place: number, incident: Omit<Injection, "at">, most: number) => number;

/** Makes incidents happen at the places of a series. @param threshold the score that is an alarm. @param halfDaySlots of the series. */
export function openProbe(
  detector: FittedDetector,
  known: SeriesKnowledge,
  { startMs, stepMs, values }: Series,
  {
    places,
    clean,
    threshold,
  }: { readonly places: readonly number[]; readonly clean: Clean; readonly threshold: number },
): SlotsToAlarm {
  const scorer = detector.open(known);
  const slot = emptySlot();
  return (place, incident, most) => {
    const at = places[place];
    const valueAt = injector(values, { ...incident, at }, stepMs);
    scorer.restore(clean.states[place]);
    const last = Math.min(most, values.length - at);
    for (let k = 0; k < last; k++) {
      scorer.push(startMs + (at + k) * stepMs, valueAt(k), slot);
      const isAlarm = slot.score >= (RUN_CAUSES.includes(slot.cause) ? 1 : threshold);
      if (isAlarm && !(clean.score[at + k] >= threshold)) return k + 1;
    }
    return Number.POSITIVE_INFINITY;
  };
}
