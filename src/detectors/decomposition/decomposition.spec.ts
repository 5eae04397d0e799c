import { describe, expect, test } from "vitest";
import { EMPTY_INVENTORY } from "../../series/inventory.js";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../time/duration.js";
import { emptySlot } from "../detector.js";
import type { Explanation } from "../explanation.js";
import { profileSeries } from "../family/profile.js";
import { loadDetector } from "../registry.js";
import { WAVE_START_MS, wave } from "../testing/wave.js";

const stepMs = 10 * MINUTE_MS;
const DAYS = 14;
const DAY_SLOTS = DAY_MS / stepMs;

interface Alarm extends Explanation {
  readonly at: number;
  readonly cause: string;
  readonly isInBand: boolean;
}

/** The alarms of the last day of two weeks. */
async function alarmsOf(name: string, change: (value: number, i: number) => number): Promise<readonly Alarm[]> {
  const { values } = wave(DAYS, 12, stepMs);
  const settings = { stepMs, timezone: "UTC", silenceAfterMs: null, divisor: 1 };
  const scorer = (await loadDetector(name)).open(null, EMPTY_INVENTORY, settings).open(profileSeries(values));
  const from = (DAYS - 1) * DAY_SLOTS;
  const alarms: Alarm[] = [];
  values.forEach((ordinary, i) => {
    const slot = emptySlot();
    const value = i < from ? ordinary : change(ordinary, i - from);
    scorer.push(WAVE_START_MS + i * stepMs, value, slot);
    if (i < from || !(slot.score >= 1)) return;
    alarms.push({
      ...scorer.explain(),
      ...{ at: i - from, cause: slot.cause, isInBand: value > slot.lower && value < slot.upper },
    });
  });
  return alarms;
}

describe("decomposition", () => {
  test("an ordinary day has no alarm", async () => {
    expect(await alarmsOf("decomposition", (value) => value)).toEqual([]);
  });

  test("names a level that changed, with its time, what would have been and what is", async () => {
    const alarms = await alarmsOf("decomposition", (value, i) => (i >= 50 ? value + 2 : value));
    const note = alarms.flatMap(({ notes = [] }) => notes)[0];
    const [, at, from, to] = /^level changed at (\S+ \S+) from (\S+) to (\S+)$/.exec(note) ?? [];
    const changedMs = WAVE_START_MS + ((DAYS - 1) * DAY_SLOTS + 50) * stepMs;
    expect(Math.abs(Date.parse(`${at.replace(" ", "T")}Z`) - changedMs)).toBeLessThanOrEqual(HOUR_MS / 3);
    expect(Number(to) - Number(from)).toBeCloseTo(2, 0);
  });

  test("finds a course whose values stay in the band: an hour and a half of swinging from edge to edge", async () => {
    const swing = (value: number, i: number) => (i >= 50 && i < 59 ? value + (i % 2 === 0 ? 1.3 : -1.3) : value);
    const alarms = await alarmsOf("decomposition", swing);
    const unlike = alarms.filter(({ cause, isInBand }) => cause === "shape" && isInBand);
    expect(unlike.length).toBeGreaterThan(0);
    expect(unlike[0].parts[0].name).toMatch(/^remainder and its last hour/);
    expect(unlike[0].passes).toBeNull();
  });

  test("with extension 0 it is another detector, of the same checkpoint size", async () => {
    const settings = { stepMs, timezone: "UTC", silenceAfterMs: null, divisor: 1 };
    const lengths = ["decomposition", "decomposition:extension=0"].map(async (name) => {
      const opened = (await loadDetector(name)).open(null, EMPTY_INVENTORY, settings);
      return opened.open(profileSeries(wave(1, 1, stepMs).values)).stateLength;
    });
    const [extended, plain] = await Promise.all(lengths);
    expect(plain).toBe(extended);
  });
});
