import { expect, test } from "vitest";
import { DAY_MS, HOUR_MS } from "../../time/duration.js";
import {
  emptySlot,
  type FittedDetector,
  type ScoredSlot,
  type SeriesKnowledge,
  type SeriesScorer,
} from "../detector.js";
import { leavingOut } from "../leaving-out.js";
import { WAVE_START_MS, wave } from "./wave.js";

/** Longer than a day, so that a gap of this length would make a series new. */
const SPAN = { startMs: WAVE_START_MS + 5.3 * DAY_MS, endMs: WAVE_START_MS + 6.4 * DAY_MS };

/** What every detector promises of the spans that it leaves out. */
export function leavesOut(detector: FittedDetector, known: SeriesKnowledge): void {
  const { stepMs } = detector;
  const slotAt = (ms: number) => Math.round((ms - WAVE_START_MS) / stepMs);
  const [first, last] = [
    Math.floor((SPAN.startMs - WAVE_START_MS) / stepMs),
    Math.ceil((SPAN.endMs - WAVE_START_MS) / stepMs),
  ];
  const values = wave(9, 41, stepMs).values;
  const leaving = leavingOut(detector);
  const withSpan = { ...known, leftOut: [SPAN] };
  const inSpan = (insteadOf: (i: number) => number) =>
    values.map((own, i) => (i >= first && i < last ? insteadOf(i) : own));
  const push = (scorer: SeriesScorer, of: Float64Array, from: number, until: number): ScoredSlot[] =>
    Array.from({ length: until - from }, (_, i) => {
      const slot = emptySlot();
      scorer.push(WAVE_START_MS + (from + i) * stepMs, of[from + i], slot);
      return slot;
    });
  const score = (of: Float64Array, by: SeriesKnowledge = withSpan) => push(leaving.open(by), of, 0, of.length);
  const wild = inSpan((i) => (i % 5 === 0 ? Number.NaN : 60 + (i % 7)));

  test("up to the end of a span that is left out it says what it would say without", () => {
    expect(score(wild).slice(0, last)).toEqual(score(wild, known).slice(0, last));
  });

  test("what it says after the span does not depend on the values in it", () => {
    const after = score(wild).slice(last);
    expect(score(values).slice(last)).toEqual(after);
    expect(score(inSpan(() => Number.NaN)).slice(last)).toEqual(after);
    expect(after.every(({ warming }) => !warming)).toBe(true);
  });

  test("the day after the span has no more alarms than if the wild values had been learned", () => {
    const alarms = (slots: readonly ScoredSlot[]) =>
      slots.slice(last, last + DAY_MS / stepMs).filter((slot) => slot.score >= 1).length;
    expect(alarms(score(wild))).toBeLessThanOrEqual(alarms(score(wild, known)));
  });

  test("from a checkpoint before, in or after the span it continues to the last bit, also on a scorer that was another series'", () => {
    const whole = score(wild);
    const used = leaving.open(withSpan);
    for (const cut of [first - 1, first, first + 1, slotAt(SPAN.startMs + 7 * HOUR_MS), last - 1, last, last + 1]) {
      const before = leaving.open(withSpan);
      push(before, wild, 0, cut);
      const state = before.save();
      expect(state.length).toBe(before.stateLength);
      const fresh = leaving.open(withSpan);
      fresh.restore(state);
      expect(push(fresh, wild, cut, wild.length)).toEqual(whole.slice(cut));
      if (used.turnTo === undefined) continue;
      used.turnTo(withSpan);
      used.restore(state);
      expect(push(used, wild, cut, Math.min(wild.length, cut + 9))).toEqual(whole.slice(cut, cut + 9));
    }
  });

  test("outside of spans a state is the detector's own", () => {
    const [plain, left] = [detector.open(known), leaving.open(withSpan)];
    push(plain, values, 0, first);
    push(left, values, 0, first);
    expect(left.save()).toEqual(plain.save());
  });
}
