import { DEFAULT_KNOBS, type Knobs } from "../../anomalies/knobs.js";
import type { Model } from "../../model/model.js";
import { DEFAULT_THRESHOLD, parseThreshold, type Threshold } from "../../model/threshold.js";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, WEEK_MS } from "../../time/duration.js";
import type { OptionValues } from "../options/table.js";

/** Names that metrics of lateness go by; the unit alone does not tell, a request's duration has one too. */
const LATENESS_NAME = /(^|[._-])(lag|late|lateness|behind|delay|delayed|age|staleness)([._-]|$)/i;
const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  milliseconds: 1,
  s: SECOND_MS,
  seconds: SECOND_MS,
  minutes: MINUTE_MS,
  hours: HOUR_MS,
  days: DAY_MS,
};

/** The options of infer as the knobs of detection. */
export function knobsFrom(options: OptionValues, model: Model): Knobs {
  return {
    direction: options.direction,
    minDeviation: options.minDeviation,
    minRelativeDeviation: options.minRelativeDeviation,
    floor: options.floor ?? DEFAULT_KNOBS.floor,
    minDurationMs: options.minDuration ?? DEFAULT_KNOBS.minDurationMs,
    mergeGapMs: options.mergeGap ?? DEFAULT_KNOBS.mergeGapMs,
    silenceAfterMs: options.silenceAfter ?? null,
    latenessUnitMs: latenessUnitMs(options.lateness, model),
    unknown: options.unknown,
  };
}

/**
 * What one unit of a lateness metric is, ms; null for a metric that is none. `auto` needs a unit of time and a name that
 * says so; `on` takes seconds where no unit is known.
 */
export function latenessUnitMs(mode: OptionValues["lateness"], model: Pick<Model, "unit" | "series">): number | null {
  if (mode === "off") return null;
  const unitMs = model.unit === null ? undefined : UNIT_MS[model.unit];
  if (mode === "on") return unitMs ?? SECOND_MS;
  const named = model.series.length > 0 && model.series.every(({ name }) => LATENESS_NAME.test(name));
  return named && unitMs !== undefined ? unitMs : null;
}

/** `--max-episodes` before `--threshold`; neither given: what the model was trained with. */
export function thresholdFrom(options: OptionValues, origins: { readonly threshold: string }, model: Model): Threshold {
  if (options.maxEpisodes !== undefined) return { kind: "budget", episodes: options.maxEpisodes, perMs: WEEK_MS };
  return origins.threshold === "default" ? (model.threshold ?? DEFAULT_THRESHOLD) : parseThreshold(options.threshold);
}
