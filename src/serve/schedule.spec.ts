import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../time/duration.js";
import { dueBetween, lookAtClock, nextAfter, timetableOf } from "./schedule.js";

const at = (iso: string) => Date.parse(iso);

describe("a timetable", () => {
  test("is due at multiples of the interval, after the job's own jitter", () => {
    const timetable = { everyMs: MINUTE_MS, jitterMs: 2 * SECOND_MS };
    expect(nextAfter(timetable, at("2026-01-01T10:00:00Z"))).toBe(at("2026-01-01T10:00:02Z"));
    expect(nextAfter(timetable, at("2026-01-01T10:00:02Z"))).toBe(at("2026-01-01T10:01:02Z"));
    expect(nextAfter({ everyMs: HOUR_MS, jitterMs: 0 }, at("2026-01-01T10:00:01Z"))).toBe(at("2026-01-01T11:00:00Z"));
  });

  test("has the same jitter for a name in every process, within a tenth of the interval and half a minute", () => {
    // hashlib.sha256(b"node").digest()[:4], little-endian, modulo 6000
    expect(timetableOf("node", MINUTE_MS)).toEqual({ everyMs: MINUTE_MS, jitterMs: 3684 });
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 48 * HOUR_MS }), (name, everyMs) => {
        const { jitterMs } = timetableOf(name, everyMs);
        expect(jitterMs).toBeGreaterThanOrEqual(0);
        expect(jitterMs).toBeLessThanOrEqual(Math.min(30 * SECOND_MS, everyMs / 10));
      }),
    );
  });

  test("counts the moments between two times as one step after the other would", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.nat(49),
        fc.integer({ min: -200, max: 200 }),
        fc.integer({ min: -200, max: 200 }),
        (everyMs, jitter, sinceMs, untilMs) => {
          const timetable = { everyMs, jitterMs: jitter % everyMs };
          let slow = 0;
          for (let ms = sinceMs + 1; ms <= untilMs; ms++) {
            if ((((ms - timetable.jitterMs) % everyMs) + everyMs) % everyMs === 0) slow++;
          }
          expect(dueBetween(timetable, sinceMs, untilMs)).toBe(slow);
        },
      ),
    );
  });
});

describe("a look at the clock", () => {
  const timetable = { everyMs: MINUTE_MS, jitterMs: 0 };
  const noon = at("2026-01-01T12:00:00Z");

  test("waits until the next moment, and runs at it", () => {
    const turn = { timetable, settledMs: noon };
    expect(lookAtClock(turn, noon + 59_999)).toMatchObject({ kind: "wait", untilMs: noon + MINUTE_MS });
    expect(lookAtClock(turn, noon + MINUTE_MS)).toEqual({
      kind: "run",
      missed: 0,
      turn: { timetable, settledMs: noon + MINUTE_MS },
    });
  });

  test("after a pause runs once and counts the rest as missed", () => {
    expect(lookAtClock({ timetable, settledMs: noon }, noon + HOUR_MS)).toMatchObject({ kind: "run", missed: 59 });
  });

  test("does not wait for the old time to come again when the clock is set back", () => {
    const back = noon - HOUR_MS;
    const look = lookAtClock({ timetable, settledMs: noon }, back);
    expect(look).toMatchObject({ kind: "wait", untilMs: back + MINUTE_MS });
    expect(lookAtClock(look.turn, back + MINUTE_MS)).toMatchObject({ kind: "run", missed: 0 });
  });
});
