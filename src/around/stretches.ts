import type { Labels, TimeRange } from "../series/series.js";

/**
 * A series around a moment and at the same hours of earlier days.
 *
 * `days[0]` is the stretch that is looked at, `days[d]` the same hours `d` days before. Each has the slots of the lead and
 * then those of the window; what was not kept or not measured is NaN.
 */
export interface Stretches {
  readonly name: string;
  readonly labels: Labels;
  readonly unit?: string;
  readonly stepMs: number;
  readonly days: readonly Float64Array[];
}

/** Which time is looked at. */
export interface Frame {
  /** What may have changed. */
  readonly window: TimeRange;
  /** The hours before the window, which say at what level a series was. */
  readonly leadMs: number;
}

/** Slots of the lead, at a series' own step. */
export function leadSlots({ leadMs }: Frame, stepMs: number): number {
  return Math.round(leadMs / stepMs);
}
