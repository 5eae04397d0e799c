import { isAlarm } from "../anomalies/alarms.js";
import { judge } from "../anomalies/detect.js";
import type { DetectRequest } from "../anomalies/detect-request.js";
import { memberPointsFrom, pointsFrom } from "../anomalies/points.js";
import { type Trace, traceSlots } from "../anomalies/trace.js";
import type { Cause, ScorerState, SeriesScorer } from "../detectors/detector.js";
import type { Series } from "../series/series.js";
import { isRestored, type Observed, type Subject } from "./observe.js";
import { type PackedWatched, packWatched } from "./state-file.js";
import type { Watched } from "./watched.js";

/** Slots that a new one has room for; it grows with the time between two checkpoints. */
const FIRST_ROOM = 16;
/** Values, expected, lower, upper and score. */
const ROWS = 5;

/**
 * A series without an alarm whose scorer stays in memory between the runs of one process. The scorer stands behind the newest slot that it
 * was given: where one of these values has changed since, it cannot be used, and the checkpoint is continued from instead.
 */
export interface Live {
  readonly scorer: SeriesScorer;
  /** About how much memory it takes: that of its state. */
  readonly bytes: number;
  /** How things stood at the checkpoint that is remembered. */
  before: Before;
  /** Slots since the checkpoint that the scorer has seen. */
  slots: number;
  /** Of each of these slots the value and what was said of it, row by row, with room behind each row. */
  room: Float64Array;
  readonly cause: Cause[];
  /** The next checkpoint: taken behind the newest slot of its time, and used once that slot is settled. */
  next: { readonly packed: PackedWatched; readonly before: Before } | undefined;
}

type Before = Omit<Watched, "scorer" | "trace">;

/** Opens a scorer that continues from a checkpoint; undefined where the state is not one of this detector. */
export function openLive({ detector }: DetectRequest, { profile }: Subject, watched: Watched): Live | undefined {
  const { scorer: state, trace: _, ...before } = watched;
  const scorer = detector.open(profile);
  if (!isRestored(scorer, state)) return undefined;
  const room = new Float64Array(ROWS * FIRST_ROOM);
  return { scorer, bytes: state.byteLength, before, slots: 0, room, cause: [], next: undefined };
}

/**
 * Scores what is new, and says of the series what `observeNew` would from the checkpoint on.
 *
 * @param subject nothing of it is left out (maintenances, holidays).
 * @returns undefined where a value has changed since, time has gone back, or an alarm is new; it must not be used again then.
 */
export function observeLive(
  request: DetectRequest,
  { series, profile, known }: Subject,
  live: Live,
): Observed | undefined {
  const { before, slots: seen } = live;
  const { stepMs } = request.detector;
  const slots = Math.floor((request.untilMs - before.checkpointMs) / stepMs);
  const first = Math.round((before.checkpointMs - series.startMs) / stepMs);
  const { values } = series;
  const { tail } = before;
  if (slots < seen || !agree(tail, tail.length, values, first - tail.length)) return undefined;
  if (!agree(live.room, seen, values, first)) return undefined;
  makeRoom(live, slots);
  for (let i = seen; i < slots; i++) live.room[i] = valueAt(values, first + i);
  const trace = traceOf(live, series, slots);
  traceSlots(trace, live.scorer, seen, slots);
  live.slots = slots;
  for (let i = seen; i < slots; i++) if (isAlarm(trace, i, request.knobs)) return undefined;
  const { startMs } = trace.series;
  const { records, status, evidence } = judge(request, trace, profile, known, before);
  return {
    records,
    status,
    evidence,
    // Copies: the rows of the trace move along with the next checkpoint.
    points: request.withPoints ? pointsFrom(trace, startMs) : undefined,
    member: request.memberFromMs === undefined ? undefined : memberPointsFrom(trace, startMs),
    watched: undefined,
  };
}

/**
 * Takes the state behind the newest slot as the next checkpoint.
 *
 * @param spare a state of the same detector that is not used any more. @returns what can be the spare of another series.
 */
export function takeNext(key: string, live: Live, request: DetectRequest, spare?: ScorerState): ScorerState {
  const { before, slots, room } = live;
  const { tail } = before;
  const timeOf = (slot: number) => before.checkpointMs + slot * request.detector.stepMs;
  let newest = slots - 1;
  while (newest >= 0 && Number.isNaN(room[newest])) newest--;
  const next: Before = {
    startMs: before.startMs,
    checkpointMs: timeOf(slots),
    tail: tail.map((_, i) => (i + slots < tail.length ? tail[i + slots] : room[i + slots - tail.length])),
    last: newest < 0 ? before.last : { timeMs: timeOf(newest), value: room[newest] },
    gapSlots: newest < 0 ? before.gapSlots + slots : slots - 1 - newest,
    fromMs: request.fromMs,
  };
  const scorer = live.scorer.save(spare);
  live.next = { packed: packWatched(key, { ...next, scorer, trace: null }), before: next };
  return scorer;
}

/** Makes the next checkpoint the one that is remembered. @returns it; undefined where there is none, or it is later than `latestMs`. */
export function moveToNext(live: Live, latestMs: number, stepMs: number): PackedWatched | undefined {
  const { next } = live;
  if (next === undefined || next.before.checkpointMs > latestMs) return undefined;
  const passed = Math.round((next.before.checkpointMs - live.before.checkpointMs) / stepMs);
  const width = live.room.length / ROWS;
  for (let row = 0; row < ROWS; row++) {
    live.room.copyWithin(row * width, row * width + passed, row * width + live.slots);
  }
  live.cause.splice(0, passed);
  live.slots -= passed;
  live.before = next.before;
  live.next = undefined;
  return next.packed;
}

/** Whether the first values are those of a series from a slot on; both may be missing. */
function agree(expected: Float64Array, count: number, values: Float64Array, from: number): boolean {
  for (let i = 0; i < count; i++) {
    const value = valueAt(values, from + i);
    if (expected[i] !== value && !(value !== value && Number.isNaN(expected[i]))) return false;
  }
  return true;
}

const valueAt = (values: Float64Array, at: number) => (at >= 0 && at < values.length ? values[at] : Number.NaN);

function makeRoom(live: Live, slots: number): void {
  const width = live.room.length / ROWS;
  if (slots <= width) return;
  const wider = Math.max(2 * width, slots);
  const room = new Float64Array(ROWS * wider);
  for (let row = 0; row < ROWS; row++) {
    room.set(live.room.subarray(row * width, row * width + live.slots), row * wider);
  }
  live.room = room;
}

/** The slots since the checkpoint, on the room of the live one. */
function traceOf({ room, cause, before }: Live, series: Series, slots: number): Trace {
  const width = room.length / ROWS;
  const row = (number: number) => room.subarray(number * width, number * width + slots);
  return {
    series: {
      name: series.name,
      labels: series.labels,
      startMs: before.checkpointMs,
      stepMs: series.stepMs,
      values: row(0),
      unit: series.unit,
    },
    expected: row(1),
    lower: row(2),
    upper: row(3),
    score: row(4),
    cause,
    explained: new Map(),
  };
}
