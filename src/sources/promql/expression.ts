import type { TimeRange } from "../../series/series.js";
import { DEFAULT_STEP_MS, ownStep } from "./own-step.js";
import type { RangeTransport } from "./range-request.js";
import { isSelector, metricOf } from "./selector.js";

/** What is sent for a target, to be evaluated at the start of each slot of `stepMs`. */
export interface AskedExpression {
  readonly asked: string;
  readonly stepMs: number;
  /** The metric's name where the function that is sent drops it. */
  readonly metric?: string;
}

/**
 * A target's expression as it is sent.
 *
 * A plain selector gives the mean of the samples whose times lie in the slot, and nothing where there are none: asked for by
 * itself, PromQL repeats the last sample for five minutes, which would fill every gap in silence. The window reaches from a
 * millisecond before the slot (exclusive in newer servers, inclusive up to Prometheus 2) to its last one. Any other
 * expression is evaluated at the slot's start, as Grafana draws it.
 *
 * Prometheus' mean drops the metric's name. Where the selector does not say it, the samples themselves are requested, on
 * their own step, and averaged here.
 *
 * @param wantedMs the step wanted; absent: the samples' own.
 */
export async function plan(
  ask: RangeTransport,
  expression: string,
  range: TimeRange,
  wantedMs: number | undefined,
): Promise<AskedExpression> {
  if (!isSelector(expression)) return { asked: expression, stepMs: wantedMs ?? DEFAULT_STEP_MS };
  const metric = metricOf(expression);
  if (metric !== undefined) {
    const stepMs = wantedMs ?? (await ownStep(ask, expression, range));
    return { asked: inSlots("avg_over_time", expression, stepMs), stepMs, metric };
  }
  const ownMs = await ownStep(ask, expression, range);
  const stepMs = wantedMs === undefined || wantedMs % ownMs === 0 ? ownMs : wantedMs;
  return { asked: inSlots("last_over_time", expression, stepMs), stepMs };
}

function inSlots(rollup: string, selector: string, stepMs: number): string {
  return `${rollup}(${selector.trim()}[${stepMs}ms] offset -${stepMs - 1}ms)`;
}
