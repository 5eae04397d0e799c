import type { SeriesPoints } from "../../runs/find-anomalies.js";
import type { Detection } from "./parse.js";

/** The moments of an answer: `startS + i * stepS`, `count` of them; seconds since 1970. An instant is one of them. */
export interface Grid {
  readonly startS: number;
  readonly stepS: number;
  readonly count: number;
}

/** A slot counts for this long after its begin at least; longer where the series' own step, or the grid's, is. */
const LOOKBACK_S = 300;

/**
 * Scored slots at the moments of a grid: at each the newest slot that has begun by then, if it is not too old. Between two moments
 * several slots may lie; of scores it is then the highest, so that no alarm hides between two points of a wide graph.
 *
 * @returns one value per moment; NaN where there is none.
 */
export function sampleAt(points: SeriesPoints, what: Exclude<Detection, "band">, grid: Grid): Float64Array {
  const { startMs, stepMs } = points;
  const values = points[what];
  const sampled = new Float64Array(grid.count).fill(Number.NaN);
  const reachMs = Math.max(LOOKBACK_S * 1000, 2 * stepMs, grid.stepS * 1000);
  for (let i = 0; i < grid.count; i++) {
    const atMs = (grid.startS + i * grid.stepS) * 1000;
    let slot = Math.min(values.length - 1, Math.floor((atMs - startMs) / stepMs));
    while (slot >= 0 && values[slot] !== values[slot] && atMs - (startMs + slot * stepMs) <= reachMs) slot--;
    if (slot < 0 || atMs - (startMs + slot * stepMs) > reachMs) continue;
    let value = values[slot];
    if (what === "score" && grid.count > 1) {
      const sinceMs = atMs - grid.stepS * 1000;
      for (let earlier = slot - 1; earlier >= 0 && startMs + earlier * stepMs > sinceMs; earlier--) {
        if (values[earlier] > value) value = values[earlier];
      }
    }
    sampled[i] = value;
  }
  return sampled;
}
