import { coarser, mergeOf } from "./coarser.js";
import { increases, isCounter } from "./counter.js";
import { deviations } from "./deviations.js";
import { innovations, MOST_SPREADS_OF_EVENTS, type Noise, noiseOf } from "./noise.js";
import { type Frame, leadSlots, type Stretches } from "./stretches.js";

/** With fewer days the replays do not say what is usual for a series. */
export const LEAST_DAYS = 3;

/** A series on the grid that it is scanned on. */
export interface Prepared {
  readonly stepMs: number;
  /** Slots before the window. */
  readonly lead: number;
  readonly isCounter: boolean;
  /** Share of neighbouring values that differ; below a half the series mostly stands still. */
  readonly movingShare: number;
  /** The shortest shift that is looked for. */
  readonly leastSlots: number;
  /** The values of the day that is looked at: increases, if it is a counter. */
  readonly values: Float64Array;
  readonly expected: Float64Array;
  /** Deviations of each usable day, and which days those are. */
  readonly days: readonly Float64Array[];
  readonly daysBefore: readonly number[];
  readonly byWeekday?: Float64Array;
  readonly noise: Noise;
}

/** Undefined where earlier days do not say what is usual. */
export function prepare(series: Stretches, frame: Frame): Prepared | undefined {
  const counts = isCounter(series.days);
  const ownLead = leadSlots(frame, series.stepMs);
  const merge = mergeOf(series.days[0].length - ownLead);
  const days = series.days.map((values) => coarser(counts ? increases(values) : values, merge));
  const lead = days[0].length - Math.floor((series.days[0].length - ownLead) / merge);
  const compared = deviations(days, lead, LEAST_DAYS);
  if (compared === undefined) return undefined;
  const moving = movingShare(days.slice(1));
  return {
    stepMs: series.stepMs * merge,
    lead,
    isCounter: counts,
    movingShare: moving,
    leastSlots: leastSlots(moving, days[0].length - lead),
    values: days[0],
    expected: compared.expected,
    days: compared.days,
    daysBefore: compared.daysBefore,
    byWeekday: compared.byWeekday,
    noise: noiseOf(compared.days.slice(1), compared.expected[lead]),
  };
}

/** The innovations of the window; the slot before it says what was to be expected in its first. */
export function windowOf(
  day: Float64Array,
  { lead, noise, leastSlots }: Pick<Prepared, "lead" | "noise" | "leastSlots">,
): Float64Array {
  const most = leastSlots > LEAST_SLOTS ? MOST_SPREADS_OF_EVENTS : undefined;
  return innovations(day.subarray(lead - 1), noise, most).subarray(1);
}

/** A gauge repeats its value now and then; error counts and settings do in most slots. */
const STILL_SHARE = 0.5;

export const isStill = ({ movingShare }: Pick<Prepared, "movingShare">) => movingShare < STILL_SHARE;

function movingShare(days: readonly Float64Array[]): number {
  let moves = 0;
  let pairs = 0;
  for (const values of days) {
    for (let i = 1; i < values.length; i++) {
      if (values[i] !== values[i] || values[i - 1] !== values[i - 1]) continue;
      if (values[i] !== values[i - 1]) moves++;
      pairs++;
    }
  }
  return pairs === 0 ? 0 : moves / pairs;
}

/** A shift of one slot is a spike, which ordinary series have without anything being wrong. */
const LEAST_SLOTS = 2;
/** A shift of a series of events is at least as long as the usual time between two, up to this share of the window. */
const MOST_LEAST_SHARE = 1 / 6;

function leastSlots(movingShare: number, slots: number): number {
  if (movingShare === 0 || movingShare >= STILL_SHARE) return LEAST_SLOTS;
  return Math.max(LEAST_SLOTS, Math.min(Math.floor(slots * MOST_LEAST_SHARE), Math.ceil(1 / movingShare)));
}
