import { quantileSorted } from "../math/quantile.js";
import { countResets } from "../series/rate.js";
import { coverage, endMs, type Series } from "../series/series.js";
import { formatDuration, HOUR_MS, MINUTE_MS } from "../time/duration.js";
import type { Finding } from "./finding.js";

/** Series at once that one run should not be far above: about 10,000 are fetched and scored in a minute. */
const MANY_SERIES = 10_000;
/** A share of missing slots that is worth a word. */
const GAPPY_SHARE = 0.05;
/** Values that only ever rise over this many slots, but for resets, are a counter and no gauge. */
const COUNTER_SLOTS = 30;
const RISING_SHARE = 0.98;

/** What a day of the series themselves shows: how many, their step, gaps, how late their newest value is, counters. */
export function checkSeries(series: readonly Series[], nowMs: number, isRate: boolean): Finding[] {
  if (series.length === 0) {
    const says = "no series has a value in the last 24h; check what is requested";
    return [{ check: "series", verdict: "failed", says }];
  }
  return [
    checkCount(series),
    checkStep(series),
    checkGaps(series),
    checkSettle(series, nowMs),
    checkCounters(series, isRate),
  ];
}

/** The first of some series, how many more there are, and the verb that goes with their number. */
const named = (series: readonly Series[], one: string, several = one) => {
  const [{ name }] = series;
  return series.length === 1 ? `${name} ${one}` : `${name} and ${series.length - 1} more ${several}`;
};

function checkCount(series: readonly Series[]): Finding {
  const says = `${series.length} series`;
  if (series.length <= MANY_SERIES) return { check: "series", verdict: "ok", says };
  return {
    check: "series",
    verdict: "warning",
    says: `${says} are more than the ${MANY_SERIES} that one run should look at; split them into jobs`,
  };
}

function checkStep(series: readonly Series[]): Finding {
  const counts = new Map<number, Series[]>();
  for (const one of series) counts.set(one.stepMs, [...(counts.get(one.stepMs) ?? []), one]);
  const [[stepMs], ...others] = [...counts].sort(([, a], [, b]) => b.length - a.length);
  const step = formatDuration(stepMs);
  if (others.length === 0) return { check: "step", verdict: "ok", says: `a value every ${step}` };
  const rest = others.map(([other, list]) => named(list, `every ${formatDuration(other)}`)).join("; ");
  const coarsest = formatDuration(Math.max(...counts.keys()));
  return {
    check: "step",
    verdict: "warning",
    says: `a value every ${step}, but ${rest}; --step ${coarsest} in training takes all of them`,
  };
}

function checkGaps(series: readonly Series[]): Finding {
  const shares = series.map(({ values }) => 1 - coverage(values));
  const gappy = series.filter((_, i) => shares[i] > GAPPY_SHARE);
  const median = quantileSorted(Float64Array.from(shares).sort(), 0.5);
  const percent = (share: number) => `${Number((100 * share).toFixed(1))} %`;
  if (gappy.length === 0) return { check: "gaps", verdict: "ok", says: `${percent(median)} of the slots are missing` };
  const worst = Math.max(...shares);
  const says = `${named(gappy, "lacks", "lack")} more than ${percent(GAPPY_SHARE)} of the slots, at worst ${percent(worst)}; what is missing is never scored as normal`;
  return { check: "gaps", verdict: "warning", says };
}

/** This many steps behind the others, and three times as late: that series is silent, and waiting for it would delay all. */
const SILENT_STEPS = 10;
const SILENT_FACTOR = 3;

/** How old the newest values are: the time that `--settle` should leave. Silent series are named and do not count. */
function checkSettle(series: readonly Series[], nowMs: number): Finding {
  const stepMs = series[0].stepMs;
  const aged = series.map((one) => ({ one, ageMs: nowMs - newestEnd(one) })).filter(({ ageMs }) => ageMs === ageMs);
  const usualMs = quantileSorted(Float64Array.from(aged, ({ ageMs }) => ageMs).sort(), 0.5);
  const silentFromMs = SILENT_FACTOR * Math.max(0, usualMs) + SILENT_STEPS * stepMs;
  const silent = aged.filter(({ ageMs }) => ageMs > silentFromMs).map(({ one }) => one);
  const live = aged.flatMap(({ ageMs }) => (ageMs > silentFromMs ? [] : [ageMs]));
  const lateMs = Math.max(0, quantileSorted(Float64Array.from(live).sort(), 0.9));
  const shown = formatDuration(Math.max(1000, Math.round(lateMs / 1000) * 1000));
  const isLate = lateMs > 2 * stepMs;
  const settle = formatDuration(Math.ceil(lateMs / MINUTE_MS) * MINUTE_MS);
  const says = isLate
    ? `newest values come up to ${shown} late; --settle ${settle} looks only at what is there`
    : `nine of ten series are at most ${shown} behind the clock`;
  if (silent.length === 0) return { check: "settle", verdict: isLate ? "warning" : "ok", says };
  const quiet = `${named(silent, "has", "have")} had no value for more than ${formatDuration(Math.round(silentFromMs / MINUTE_MS) * MINUTE_MS)}`;
  return { check: "settle", verdict: "warning", says: `${says}; ${quiet}` };
}

function newestEnd(series: Series): number {
  for (let i = series.values.length - 1; i >= 0; i--) {
    if (series.values[i] === series.values[i]) return endMs(series) - (series.values.length - 1 - i) * series.stepMs;
  }
  return Number.NaN;
}

function checkCounters(series: readonly Series[], isRate: boolean): Finding {
  if (isRate) return { check: "counters", verdict: "ok", says: "taken as rates (--rate)" };
  const counters = series.filter(({ values }) => isCounter(values));
  if (counters.length === 0) return { check: "counters", verdict: "ok", says: "none of the series is a counter" };
  const resets = counters.reduce((sum, { values }) => sum + countResets(values), 0);
  const says = `${named(counters, "only rises", "only rise")}, as a counter does (${resets} resets in 24h); --rate takes their increase a second`;
  return { check: "counters", verdict: "warning", says };
}

function isCounter(values: Float64Array): boolean {
  const valid = values.filter((value) => value === value);
  if (valid.length < COUNTER_SLOTS || valid.some((value) => value < 0)) return false;
  let rising = 0;
  let moved = 0;
  for (let i = 1; i < valid.length; i++) {
    if (valid[i] >= valid[i - 1]) rising++;
    if (valid[i] > valid[i - 1]) moved++;
  }
  return rising >= RISING_SHARE * (valid.length - 1) && moved > valid.length / 2;
}

/** The ages that are looked at for archives: common boundaries of retentions lie between them. */
export const ARCHIVE_AGES_MS = [
  HOUR_MS,
  24 * HOUR_MS,
  6 * 24 * HOUR_MS,
  13 * 24 * HOUR_MS,
  29 * 24 * HOUR_MS,
  89 * 24 * HOUR_MS,
];

/** @param steps the step at each age, ms; NaN where nothing is kept. Newest first. */
export function checkArchives(steps: readonly { readonly ageMs: number; readonly stepMs: number }[]): Finding {
  const known = steps.filter(({ stepMs }) => stepMs === stepMs);
  if (known.length === 0) return { check: "archives", verdict: "unknown", says: "no values at any age" };
  const changes = known.filter(({ stepMs }, i) => i > 0 && stepMs !== known[i - 1].stepMs);
  const oldest = formatDuration(known[known.length - 1].ageMs);
  if (changes.length === 0) {
    return {
      check: "archives",
      verdict: "ok",
      says: `one step of ${formatDuration(known[0].stepMs)} at least ${oldest} back`,
    };
  }
  const words = changes.map(({ ageMs, stepMs }) => `${formatDuration(stepMs)} at an age of ${formatDuration(ageMs)}`);
  const last = known[known.indexOf(changes[0]) - 1];
  return {
    check: "archives",
    verdict: "warning",
    says: `the step is ${formatDuration(known[0].stepMs)}, but ${words.join(", ")}; training with --from -${formatDuration(last.ageMs)} --step ${formatDuration(known[0].stepMs)} keeps the fine one`,
  };
}
