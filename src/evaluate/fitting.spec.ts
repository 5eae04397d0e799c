import { describe, expect, test } from "vitest";
import { emptySlot } from "../detectors/detector.js";
import { loadDetector } from "../detectors/registry.js";
import { wave } from "../detectors/testing/wave.js";
import { parseThreshold } from "../detectors/threshold.js";
import { takeTurns } from "../threads/turns.js";
import { DAY_MS, WEEK_MS } from "../time/duration.js";
import { type FittedAt, fitsOf, openFit } from "./fitting.js";

const DAYS = 50;
const series = [1, 2, 3].map((seed) => wave(DAYS, seed));
const endMs = series[0].startMs + DAYS * DAY_MS;

async function fitted(name: string, threshold?: string): Promise<FittedAt> {
  const detector = await loadDetector(name);
  const options = {
    timezone: "UTC",
    seed: 1,
    threshold: threshold === undefined ? undefined : parseThreshold(threshold),
  };
  const fit = await detector.loadFit?.();
  const [one] = await takeTurns().drive(fitsOf(detector, fit, { series, times: [endMs] }, options));
  return one;
}

describe.each(["lstm:epochs=2", "boosted:scope=family"])("a threshold requested of %s", (name) => {
  test("is where that share of the series-days of four weeks stays below it", async () => {
    const fit = await fitted(name, "p50");
    const detector = await loadDetector(name);
    const counted = endMs - 4 * WEEK_MS;
    const highest = new Map<string, number>();
    for (const one of series) {
      const { detector: opened, known } = openFit(detector, fit, one, { timezone: "UTC" });
      const scorer = opened.open(known);
      const slot = emptySlot();
      one.values.forEach((value, i) => {
        const timeMs = one.startMs + i * one.stepMs;
        scorer.push(timeMs, value, slot);
        const day = `${one.name} ${Math.floor(timeMs / DAY_MS)}`;
        if (timeMs >= counted) highest.set(day, Math.max(highest.get(day) ?? 0, slot.score));
      });
    }
    const below = [...highest.values()].filter((score) => score < 1).length / highest.size;
    expect(below).toBeGreaterThan(0.42);
    expect(below).toBeLessThan(0.58);
  });

  test("moves nothing where none is requested", async () => {
    expect((await fitted(name)).divisor).toBe(1);
  });
});
