import { normal, seededRandom } from "../math/random.js";
import { EMPTY_INVENTORY } from "../series/inventory.js";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../time/duration.js";
import { emptySlot, type FittedDetector, type ScoredSlot, type SeriesScorer } from "./detector.js";
import type { Detector } from "./kind.js";

/** A promise of the contract of detectors, and why it is not kept; null: it is. */
export interface CheckedPromise {
  readonly promise: string;
  readonly failure: string | null;
}

const STEPS_MS = [MINUTE_MS, 5 * MINUTE_MS, 20 * MINUTE_MS, HOUR_MS];
/** Begins before a change of the clock in Europe. */
const START_MS = Date.UTC(2025, 2, 26);
const DAYS = 6;

/**
 * Tries a detector that learns as it scores against the contract of all detectors, at steps of 1 to 60 minutes and over a change of the clock: no
 * future, the same from a checkpoint to the last bit, finite scores whatever comes, a day of warm-up, silences, what must be seen.
 */
export function* checkDetector(detector: Detector): Generator<CheckedPromise> {
  for (const stepMs of STEPS_MS) {
    const at = `at steps of ${stepMs / MINUTE_MS} min`;
    const settings = { stepMs, timezone: "Europe/Berlin", silenceAfterMs: 2 * HOUR_MS, divisor: 1 };
    const trial = new Trial(() => detector.open(null, EMPTY_INVENTORY, settings), stepMs);
    for (const [promise, of] of PROMISES) {
      let failure: string | null;
      try {
        failure = of(trial);
      } catch (thrown) {
        failure = `it threw: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
      }
      yield { promise: `${promise}, ${at}`, failure };
    }
  }
}

/** A detector at one step, and a wave to try it with. */
class Trial {
  readonly wave: Float64Array;
  readonly day: number;
  private readonly detector: FittedDetector;
  private readonly stepMs: number;

  constructor(open: () => FittedDetector, stepMs: number) {
    this.detector = open();
    this.stepMs = stepMs;
    this.day = DAY_MS / stepMs;
    const random = seededRandom(31);
    this.wave = Float64Array.from({ length: DAYS * this.day }, (_, i) => {
      const hour = ((i % this.day) * stepMs) / HOUR_MS;
      return 10 + 4 * Math.sin(((hour - 6) * Math.PI) / 12) + 0.3 * normal(random);
    });
  }

  open(): SeriesScorer {
    const { stepMs } = this;
    const values = new Float64Array(0);
    return this.detector.open(this.detector.describe({ name: "", labels: {}, startMs: START_MS, stepMs, values }));
  }

  score(values: ArrayLike<number>, scorer = this.open(), from = 0): ScoredSlot[] {
    return Array.from({ length: values.length - from }, (_, i) => {
      const slot = emptySlot();
      scorer.push(START_MS + (from + i) * this.stepMs, values[from + i], slot);
      return slot;
    });
  }

  /** The wave with other values from a slot on. */
  changed(from: number, value: (i: number) => number): Float64Array {
    return this.wave.map((own, i) => (i < from ? own : value(i)));
  }
}

type Promised = readonly [promise: string, of: (trial: Trial) => string | null];

const PROMISES: readonly Promised[] = [
  [
    "a score does not depend on later values",
    (trial) => {
      const before = trial.score(trial.wave);
      for (const share of [0.3, 0.6, 0.95]) {
        const from = Math.floor(share * trial.wave.length);
        const after = trial.score(trial.changed(from, (i) => (i % 3 === 0 ? Number.NaN : 1e6)));
        const other = firstDifference(before.slice(0, from), after.slice(0, from));
        if (other !== undefined) return `slot ${other} changed when values from ${from} on did`;
      }
      return null;
    },
  ],
  [
    "from a checkpoint it continues to the last bit",
    (trial) => {
      const values = trial.changed(0, (i) =>
        i % 41 === 0 ? Number.NaN : i > 4.2 * trial.day && i < 4.5 * trial.day ? 60 : trial.wave[i],
      );
      const whole = trial.score(values);
      for (const share of [0, 0.2, 0.46, 0.73, 0.99]) {
        const cut = Math.floor(share * values.length);
        const first = trial.open();
        trial.score(values.subarray(0, cut), first);
        const second = trial.open();
        second.restore(first.save());
        const other = firstDifference(whole.slice(cut), trial.score(values, second, cut));
        if (other !== undefined)
          return `saved at slot ${cut}, slot ${cut + other} has another score; is all of the state walked through?`;
      }
      return null;
    },
  ],
  [
    "a state of another length is refused",
    (trial) => {
      try {
        trial.open().restore(new Float64Array(3));
      } catch {
        return null;
      }
      return "a state of 3 numbers was taken";
    },
  ],
  [
    "a slot that is not warming has a score of 0 or more, whatever came",
    (trial) => {
      const inputs: readonly (readonly [string, ArrayLike<number>])[] = [
        ["one point", [5]],
        ["a constant", new Array(2 * trial.day).fill(5)],
        ["no value at all", new Array(2 * trial.day).fill(Number.NaN)],
        ["huge values", Array.from({ length: 2 * trial.day }, (_, i) => 1e300 * (i % 2))],
        ["mostly zeros", Array.from({ length: 2 * trial.day }, (_, i) => (i % 20 === 0 ? 1 : 0))],
        ["infinities", Array.from({ length: 2 * trial.day }, (_, i) => (i % 7 === 0 ? Number.POSITIVE_INFINITY : i))],
        ["gaps", trial.changed(0, (i) => (i % 5 < 2 ? Number.NaN : trial.wave[i]))],
      ];
      for (const [name, values] of inputs) {
        const wrong = trial
          .score(values)
          .findIndex(({ warming, score }) => (warming ? score === score : !(score >= 0)));
        if (wrong >= 0) return `${name}: slot ${wrong}`;
      }
      return null;
    },
  ],
  [
    "the first day is warming, the third is not",
    (trial) => {
      const slots = trial.score(trial.wave);
      if (slots.slice(0, trial.day).some(({ warming }) => !warming)) return "a slot of the first day was scored";
      return slots.slice(2 * trial.day).some(({ warming }) => warming) ? "a slot after two days was not scored" : null;
    },
  ],
  [
    "a silence is an alarm while it lasts",
    (trial) => {
      const from = 4 * trial.day;
      const last = trial.score(trial.changed(from, () => Number.NaN)).at(-1);
      return last !== undefined && last.score >= 1 && last.cause === "silence"
        ? null
        : `after two days it scored ${last?.score}`;
    },
  ],
  [
    "an outage to many times the level is an alarm at once",
    (trial) => {
      const at = Math.floor(4.94 * trial.day);
      const slot = trial.score(trial.changed(at, () => 200))[at];
      return slot.score >= 1 ? null : `200 where 6 to 14 is usual scored ${slot.score.toFixed(2)}`;
    },
  ],
  [
    "most ordinary slots are no alarm",
    (trial) => {
      const slots = trial.score(trial.wave).slice(2 * trial.day);
      const alarms = slots.filter(({ score }) => score >= 1).length;
      return alarms <= 0.02 * slots.length
        ? null
        : `${alarms} of ${slots.length} slots of an ordinary wave were alarms`;
    },
  ],
];

/** The first place where two courses of scores differ. */
function firstDifference(a: readonly ScoredSlot[], b: readonly ScoredSlot[]): number | undefined {
  const at = a.findIndex(
    (slot, i) =>
      !Object.is(slot.score, b[i].score) ||
      !Object.is(slot.expected, b[i].expected) ||
      !Object.is(slot.lower, b[i].lower) ||
      !Object.is(slot.upper, b[i].upper) ||
      slot.cause !== b[i].cause ||
      slot.warming !== b[i].warming,
  );
  return at < 0 ? undefined : at;
}
