import type { TimeRange } from "../../series/series.js";
import { measureStep } from "../../series/step.js";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../../time/duration.js";
import type { RangeTransport } from "./range-request.js";
import { isSelector, selectorOf } from "./selector.js";

/** Prometheus' own default for how often it scrapes and evaluates. */
export const DEFAULT_STEP_MS = MINUTE_MS;
/** Sample times closer together than this are not distinguished. */
const LOOK_EVERY_MS = 5 * SECOND_MS;
/** Moments of the range at which a series is looked for: one may be gone at its end. */
const MOMENTS = 4;

/**
 * How far apart the samples of a selector's series lie: the times of a few of them over an hour, which `timestamp()` gives. A
 * minute where nothing is found, and for any other expression, whose values have no times of their own.
 */
export async function ownStep(ask: RangeTransport, expression: string, range: TimeRange): Promise<number> {
  if (!isSelector(expression)) return DEFAULT_STEP_MS;
  const apartMs = Math.max(MINUTE_MS, Math.floor((range.endMs - range.startMs) / MOMENTS));
  const few = await ask({
    expression: `topk(1,${expression.trim()})`,
    startMs: range.endMs - (MOMENTS - 1) * apartMs,
    lastMs: range.endMs,
    stepMs: apartMs,
  });
  const [found] = few;
  if (found?.labels === undefined || found.times.length === 0) return DEFAULT_STEP_MS;
  const lastMs = found.times[found.times.length - 1];
  const [stamps] = await ask({
    expression: `timestamp(${selectorOf(found.labels)})`,
    startMs: lastMs - HOUR_MS,
    lastMs,
    stepMs: LOOK_EVERY_MS,
  });
  const times = [...new Set(stamps === undefined ? [] : Array.from(stamps.values, (at) => Math.round(at * 1000)))];
  const measured = measureStep({ times: Float64Array.from(times), values: new Float64Array(times.length) });
  return measured.stepMs ?? DEFAULT_STEP_MS;
}
