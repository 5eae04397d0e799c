import { DEFAULT_KNOBS, type Knobs } from "../../anomalies/knobs.js";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../time/duration.js";
import type { OptionsOf } from "../options/table.js";

/** One unit of a metric that is itself a lag, ms; null for a metric that is none. No source says it, so it must be given. */
const LATENESS_UNIT_MS: Readonly<Record<OptionsOf<"infer">["lateness"], number | null>> = {
  off: null,
  ms: 1,
  seconds: SECOND_MS,
  minutes: MINUTE_MS,
  hours: HOUR_MS,
  days: DAY_MS,
};

/** The options of infer as the knobs of detection. */
export function knobsFrom(options: OptionsOf<"infer">): Knobs {
  return {
    direction: options.direction,
    minDeviation: options.minDeviation,
    minRelativeDeviation: options.minRelativeDeviation,
    floor: options.floor ?? DEFAULT_KNOBS.floor,
    minDurationMs: options.minDuration ?? DEFAULT_KNOBS.minDurationMs,
    mergeGapMs: options.mergeGap ?? DEFAULT_KNOBS.mergeGapMs,
    silenceAfterMs: options.silenceAfter ?? null,
    latenessUnitMs: LATENESS_UNIT_MS[options.lateness],
    unknown: options.unknown,
  };
}
