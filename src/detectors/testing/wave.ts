import { normal, seededRandom } from "../../math/random.js";
import type { Series } from "../../series/series.js";
import { DAY_MS, HOUR_MS } from "../../time/duration.js";

export const WAVE_STEP_MS = HOUR_MS / 3;
export const WAVE_SLOTS_A_DAY = DAY_MS / WAVE_STEP_MS;
export const WAVE_START_MS = Date.UTC(2025, 5, 2);

/** A daily wave of level 10 with noise, one series a seed: an ordinary metric to put incidents into. */
export function wave(days: number, seed: number, stepMs = WAVE_STEP_MS): Series {
  const random = seededRandom(seed);
  const slotsADay = DAY_MS / stepMs;
  const values = Float64Array.from({ length: days * slotsADay }, (_, i) => {
    const hour = ((i % slotsADay) * stepMs) / HOUR_MS;
    return 10 + 4 * Math.sin(((hour - 6) * Math.PI) / 12) + 0.3 * normal(random);
  });
  const labels = { machine: `m${seed}`, aggregator: "wave" };
  return { name: `wave.m${seed}`, labels, startMs: WAVE_START_MS, stepMs, values };
}
