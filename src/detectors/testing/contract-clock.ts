import { describe, expect, test } from "vitest";
import { normal, seededRandom } from "../../math/random.js";
import { DAY_MS } from "../../time/duration.js";
import { zonedParts } from "../../time/timezone.js";
import { emptySlot, type FittedDetector, type ScoredSlot } from "../detector.js";
import { profileSeries } from "../family/profile.js";

/** Changes of the clock by an hour and by half of one, forward and back; `tz` database 2025. */
const CHANGES = [
  ["Europe/Berlin", "2025-03-30T01:00Z"],
  ["Europe/Berlin", "2025-10-26T01:00Z"],
  ["Australia/Lord_Howe", "2025-10-04T15:30Z"],
  ["Australia/Lord_Howe", "2025-04-05T15:00Z"],
] as const;
const BEFORE_DAYS = 12;
const AFTER_DAYS = 4;

/** A detector promises that what people do by their clock stays usual when the clock changes. */
export function describeClockChanges(
  name: string,
  stepsMs: readonly number[],
  open: (stepMs: number, timezone: string) => FittedDetector,
): void {
  const cases = stepsMs.flatMap((stepMs) => CHANGES.map(([zone, at]) => ({ stepMs, zone, at })));
  describe(`changes of the clock: ${name}`, () => {
    test.each(cases)("office hours raise no alarm after $at in $zone at $stepMs ms", ({ stepMs, zone, at }) => {
      const days = officeHours(stepMs, zone, Date.parse(at));
      const after = scored(open(stepMs, zone), days).slice(days.change);
      expect(after.filter(({ score }) => score >= 1)).toEqual([]);
    });

    test.each(cases)(
      "a state saved around $at in $zone at $stepMs ms continues to the last bit",
      ({ stepMs, zone, at }) => {
        const days = officeHours(stepMs, zone, Date.parse(at));
        const detector = open(stepMs, zone);
        const whole = scored(detector, days);
        const cut = days.change + 1;
        const until = cut + Math.round(DAY_MS / stepMs);
        const first = detector.open(profileSeries(days.values));
        const slot = emptySlot();
        for (let i = 0; i < cut; i++) first.push(days.startMs + i * stepMs, days.values[i], slot);
        const second = detector.open(profileSeries(days.values));
        second.restore(first.save());
        for (let i = cut; i < until; i++) {
          second.push(days.startMs + i * stepMs, days.values[i], slot);
          expect(slot).toEqual(whole[i]);
        }
      },
    );

    test("the same office hours by a clock that stays are alarms: the change matters", () => {
      const days = officeHours(stepsMs[0], "Europe/Berlin", Date.parse(CHANGES[0][1]));
      const after = scored(open(stepsMs[0], "UTC"), days).slice(days.change);
      expect(after.some(({ score }) => score >= 1)).toBe(true);
    });
  });
}

/** Busy from 8 to 18 on the wall clock, every day, with a little noise. */
function officeHours(stepMs: number, zone: string, changeMs: number) {
  const random = seededRandom(5);
  const startMs = Math.floor((changeMs - BEFORE_DAYS * DAY_MS) / DAY_MS) * DAY_MS;
  const slots = Math.round(((BEFORE_DAYS + AFTER_DAYS) * DAY_MS) / stepMs);
  const values = Float64Array.from({ length: slots }, (_, i) => {
    const { hour } = zonedParts(startMs + i * stepMs, zone);
    return (hour >= 8 && hour < 18 ? 40 : 10) + normal(random);
  });
  return { startMs, stepMs, values, change: Math.ceil((changeMs - startMs) / stepMs) };
}

function scored(detector: FittedDetector, { startMs, stepMs, values }: ReturnType<typeof officeHours>): ScoredSlot[] {
  const scorer = detector.open(profileSeries(values));
  return Array.from(values, (value, i) => {
    const slot = emptySlot();
    scorer.push(startMs + i * stepMs, value, slot);
    return slot;
  });
}
