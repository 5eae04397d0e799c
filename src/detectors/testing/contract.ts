import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY_MS } from "../../time/duration.js";
import { emptySlot, type FittedDetector, type ScoredSlot, type SeriesScorer } from "../detector.js";
import { profileSeries } from "../family/profile.js";
import { leavesOut } from "./contract-leaving-out.js";
import { WAVE_START_MS, wave as waveOf } from "./wave.js";

/** All that a detector says of values that begin at the wave's start. */
export function scoreAll(detector: FittedDetector, values: ArrayLike<number>): ScoredSlot[] {
  const scorer = detector.open(profileSeries(Float64Array.from(values)));
  return Array.from(values, (value, i) => {
    const slot = emptySlot();
    scorer.push(WAVE_START_MS + i * detector.stepMs, value, slot);
    return slot;
  });
}

/**
 * What every detector promises, at the step it was opened for. `open` is called once.
 *
 * @param isSeasonal it knows the day's wave; for one that only knows the last slots the wave itself is noise where a slot is an hour, and it
 * need not see what is only a little above it.
 */
export function describeDetector(name: string, open: () => FittedDetector, isSeasonal = true): void {
  describe(`the contract of detectors: ${name}`, () => {
    const detector = open();
    const { stepMs } = detector;
    const daySlots = DAY_MS / stepMs;
    const slotOf = (day: number) => Math.round(day * daySlots);
    const wave = (days: number, seed: number) => waveOf(days, seed, stepMs);
    const profile = profileSeries(wave(20, 99).values);
    const scoreWith = (values: ArrayLike<number>) => {
      const scorer = detector.open(profile);
      return Array.from(values, (value, i) => {
        const slot = emptySlot();
        scorer.push(WAVE_START_MS + i * stepMs, value, slot);
        return slot;
      });
    };

    leavesOut(detector, profile);

    test("changing any value after t changes nothing up to t", { timeout: 60_000 }, () => {
      const base = wave(6, 31).values;
      const before = scoreWith(base);
      fc.assert(
        fc.property(fc.integer({ min: 0, max: base.length - 2 }), fc.double(), (t, value) => {
          const changed = base.slice();
          for (let i = t + 1; i < changed.length; i++) changed[i] = i % 3 === 0 ? Number.NaN : value;
          expect(scoreWith(changed).slice(0, t + 1)).toEqual(before.slice(0, t + 1));
        }),
        { numRuns: 15 },
      );
    });

    test("saving and restoring at any slot gives the same scores to the last bit", { timeout: 60_000 }, () => {
      const values = wave(6, 32).values.map((v, i) =>
        i % 41 === 0 ? Number.NaN : i > slotOf(4.2) && i < slotOf(4.5) ? 60 : v,
      );
      const whole = scoreWith(values);
      for (const cut of [0, 1, daySlots - 1, slotOf(2.8), slotOf(4.4), values.length - 1]) {
        const first = detector.open(profile);
        const slot = emptySlot();
        for (let i = 0; i < cut; i++) first.push(WAVE_START_MS + i * stepMs, values[i], slot);
        const second = detector.open(profile);
        second.restore(first.save());
        for (let i = cut; i < values.length; i++) {
          const resumed = emptySlot();
          second.push(WAVE_START_MS + i * stepMs, values[i], resumed);
          expect(resumed).toEqual(whole[i]);
        }
      }
    });

    test("a scorer that turns to another series is as a new one, if it can", () => {
      const values = wave(4, 37).values;
      const other = profileSeries(values.map((v) => v * 50 + 7));
      const used = detector.open(other);
      const fresh = detector.open(profile);
      const slot = emptySlot();
      for (let i = 0; i < slotOf(3.4); i++)
        used.push(WAVE_START_MS + i * stepMs, i % 9 === 0 ? Number.NaN : i * 3, slot);
      for (let i = 0; i < slotOf(2.8); i++) fresh.push(WAVE_START_MS + i * stepMs, values[i], slot);
      if (used.turnTo === undefined) return;
      used.turnTo(profile);
      used.restore(fresh.save());
      for (let i = slotOf(2.8); i < values.length; i++) {
        const [a, b] = [emptySlot(), emptySlot()];
        used.push(WAVE_START_MS + i * stepMs, values[i], a);
        fresh.push(WAVE_START_MS + i * stepMs, values[i], b);
        expect(a).toEqual(b);
      }
    });

    test("saved into a state of another series it is the same to the last bit, and of another length that state is left alone", () => {
      const values = wave(3, 33).values;
      const [scorer, other] = [detector.open(profile), detector.open(profile)];
      const slot = emptySlot();
      values.forEach((value, i) => {
        scorer.push(WAVE_START_MS + i * stepMs, value, slot);
        other.push(WAVE_START_MS + i * stepMs, i % 7 === 0 ? Number.NaN : -3 * value, slot);
      });
      const saved = scorer.save();
      expect(scorer.save(other.save())).toEqual(saved);
      const short = saved.slice(1);
      const before = short.slice();
      expect(scorer.save(short)).toEqual(saved);
      expect(short).toEqual(before);
    });

    test("a state of another length is refused", () => {
      expect(() => detector.open(profile).restore(new Float64Array(3))).toThrow(RangeError);
    });

    const spike = new Array(400).fill(1);
    spike[390] = 9;
    const mostlyZero = Array.from({ length: 400 }, (_, i) => (i % 20 === 0 ? 1 : 0));
    test.each([
      ["empty", []],
      ["one point", [5]],
      ["constant", new Array(400).fill(5)],
      ["all NaN", new Array(400).fill(Number.NaN)],
      ["one spike in a constant", spike],
      ["MAD 0", mostlyZero],
      ["huge values", Array.from({ length: 400 }, (_, i) => 1e300 * (i % 2))],
      ["infinities", Array.from({ length: 400 }, (_, i) => (i === 200 ? Number.POSITIVE_INFINITY : i))],
    ])("never throws and never says NaN of a slot that is not warming: %s", (_, values) => {
      for (const slot of scoreAll(detector, values)) {
        if (!slot.warming) expect(slot.score).toBeGreaterThanOrEqual(0);
        else expect(slot.score).toBeNaN();
      }
    });

    test("the first day is warming, not normal", () => {
      const slots = scoreWith(wave(2, 33).values);
      expect(slots.slice(0, daySlots).every((slot) => slot.warming)).toBe(true);
      expect(slots[slots.length - 1].warming).toBe(false);
    });

    test("a day of warm-up begins with the first value, not with the missing slots before it, and again after an outage of days", () => {
      const values = wave(9, 35).values;
      values.fill(Number.NaN, 0, 2 * daySlots);
      values.fill(Number.NaN, 5 * daySlots, 7 * daySlots);
      const warming = scoreWith(values).map((slot) => slot.warming);
      const slots = (fromDay: number, toDay: number) => warming.slice(fromDay * daySlots, toDay * daySlots);
      expect(new Set(slots(0, 3))).toEqual(new Set([true]));
      expect(new Set(slots(3, 7))).toEqual(new Set([false]));
      expect(new Set(slots(7, 8))).toEqual(new Set([true]));
      expect(new Set(slots(8, 9))).toEqual(new Set([false]));
    });

    test("explains an alarm: what would have passed passes, what lies beyond does not, and shares are in order", {
      timeout: 60_000,
    }, () => {
      const values = wave(8, 37).values;
      const at = slotOf(6.94);
      for (const value of isSeasonal ? [60, -40, 22] : [60, -40]) {
        const before = detector.open(profile);
        const slot = emptySlot();
        const push = (scorer: SeriesScorer, i: number, of: number) => scorer.push(WAVE_START_MS + i * stepMs, of, slot);
        for (let i = 0; i < at; i++) push(before, i, values[i]);
        const state = before.save();
        const scoreOf = (of: number) => {
          const scorer = detector.open(profile);
          scorer.restore(state);
          push(scorer, at, of);
          return slot.score;
        };
        push(before, at, value);
        expect(slot.score).toBeGreaterThan(1);
        const { parts, passes } = before.explain();
        const shares = parts.map((part) => Math.abs(part.value) / part.limit);
        expect(shares).toEqual([...shares].sort((a, b) => b - a));
        expect(shares[0]).toBeGreaterThanOrEqual(1);
        if (passes === null) continue;
        const edge = value > passes.high ? passes.high : passes.low;
        const within = (share: number) =>
          (passes.low + passes.high) / 2 + share * (edge - (passes.low + passes.high) / 2);
        expect(scoreOf(within(0.999))).toBeLessThan(1);
        expect(scoreOf(within(1.001))).toBeGreaterThanOrEqual(1);
      }
    });

    test("a silence continues for as long as it lasts", () => {
      const values = wave(8, 36).values;
      values.fill(Number.NaN, 3 * daySlots);
      const last = scoreWith(values)[values.length - 1];
      expect(last.cause).toBe("silence");
      expect(last.score).toBeGreaterThan(3);
    });

    test("an outage to many times the level scores far above 1 at its first slot", () => {
      const values = wave(8, 34).values;
      const at = slotOf(6.94);
      values[at] = 60;
      expect(scoreWith(values)[at].score).toBeGreaterThan(isSeasonal ? 2 : 1);
    });
  });
}
