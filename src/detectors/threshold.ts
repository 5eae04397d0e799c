import { UsageError } from "../errors/errors.js";
import { tailQuantile } from "../math/tail.js";
import { DAY_MS, formatDuration, WEEK_MS } from "../time/duration.js";

/**
 * Where the alerting threshold lies: a share of ordinary series-days that stay under it, or a budget of false alarms.
 * Both end as the divisor that puts the threshold at score 1.
 */
export type Threshold =
  | { readonly kind: "quantile"; readonly p: number }
  | { readonly kind: "budget"; readonly episodes: number; readonly perMs: number };

/** p99: of 100 ordinary series-days 99 pass without an alarm, about one false alarm a series in a quarter. */
export const DEFAULT_THRESHOLD: Threshold = { kind: "quantile", p: 0.99 };

/**
 * @param text `strict` (p99), `permissive` (p95) or any `pNN.N` from p50 to p99.999.
 * @throws UsageError for anything else.
 */
export function parseThreshold(text: string): Threshold {
  const p = quantileOf(text);
  if (p === undefined) {
    throw new UsageError(
      "threshold",
      `"${text}" is not a threshold; use strict (p99), permissive (p95) or pNN such as p99.5`,
    );
  }
  return { kind: "quantile", p };
}

/** Whether `parseThreshold` takes it. */
export function isThreshold(text: string): boolean {
  return quantileOf(text) !== undefined;
}

function quantileOf(text: string): number | undefined {
  if (text === "strict") return 0.99;
  if (text === "permissive") return 0.95;
  const match = /^p(\d{2}(?:\.\d+)?)$/.exec(text);
  const p = match === null ? Number.NaN : Number(match[1]) / 100;
  return p >= 0.5 && p < 1 ? p : undefined;
}

/**
 * The score of a detector calibrated so far that stands for the threshold: all scores are divided by it.
 *
 * @param dailyMaxima sorted ascending: the highest score of each ordinary series-day on data the forest did not see.
 * Episodes are taken as Poisson, so a day without any has probability exp(−rate).
 */
export function thresholdScore(threshold: Threshold, dailyMaxima: ArrayLike<number>): number {
  const p = threshold.kind === "quantile" ? threshold.p : Math.exp((-threshold.episodes * DAY_MS) / threshold.perMs);
  return tailQuantile(dailyMaxima, p);
}

/** A threshold as it is given on the command line and written in records: `p99`, `2/week`. */
export function thresholdLevel(threshold: Threshold): string {
  if (threshold.kind === "budget")
    return `${threshold.episodes}/${threshold.perMs === WEEK_MS ? "week" : formatDuration(threshold.perMs)}`;
  return `p${Number((threshold.p * 100).toFixed(3))}`;
}

/** How a threshold is written in messages and manifests. */
export function formatThreshold(threshold: Threshold): string {
  if (threshold.kind === "budget") {
    const days = threshold.perMs / DAY_MS;
    return `${threshold.episodes} false alarms a series in ${days === 7 ? "a week" : days === 1 ? "a day" : `${days} days`}`;
  }
  return `p${Number((threshold.p * 100).toFixed(3))} of series-days`;
}
