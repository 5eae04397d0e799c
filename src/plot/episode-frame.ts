import type { HydratedRecord } from "../records/record.js";
import type { TimeRange } from "../series/series.js";
import type { Theme } from "./theme.js";
import type { ValueDomain } from "./value-domain.js";

/** What every part of one picture needs to know of the whole. */
export interface Frame {
  readonly range: TimeRange;
  readonly domain: ValueDomain;
  readonly theme: Theme;
  readonly timezone: string;
  /** Of the plot, px: smaller where the two weeks before stand under it. */
  readonly height: number;
}

export const PICTURE_WIDTH = 1200;
export const PICTURE_HEIGHT = 600;
/** Around the plot: above it five lines of text, below it the axis and the figures, to its right the names of the lines. */
export const MARGIN = { left: 84, right: 106, top: 152, bottom: 112 } as const;
export const PLOT_WIDTH = PICTURE_WIDTH - MARGIN.left - MARGIN.right;
export const PLOT_HEIGHT = PICTURE_HEIGHT - MARGIN.top - MARGIN.bottom;
/** The strip of the two weeks before: px from the plot's lower edge (axis and title lie between), and its own height. */
export const STRIP = { top: 70, height: 58 } as const;
/** Height of the plot with a strip and its days under it. */
export const PLOT_HEIGHT_WITH_STRIP = PLOT_HEIGHT - STRIP.top - STRIP.height + 16;
/** An episode of one minute in a day of 1,010 px is 0.7 px wide, which nobody sees. */
const MIN_SHADE = 5;

/** px from the left of the plot. */
export function xOf(timeMs: number, { range }: Frame): number {
  return ((timeMs - range.startMs) / (range.endMs - range.startMs)) * PLOT_WIDTH;
}

/** px from the top of the plot; outside of it for values that the axis does not show. */
export function yOf(value: number, { domain, height }: Frame): number {
  return (1 - (value - domain.low) / (domain.high - domain.low)) * height;
}

/**
 * Where the episode lies in the plot, px; undefined where it lies outside of the window. A value stands at the start of
 * its slot, so the span reaches half a step to either side of the episode's points.
 */
export function episodeSpan(record: HydratedRecord, frame: Frame): { from: number; to: number } | undefined {
  const halfMs = (Math.max(record.step_s, record.context?.step_s ?? 0) * 1000) / 2;
  const from = xOf(Date.parse(record.start) - halfMs, frame);
  const to = xOf(Date.parse(record.end) - halfMs, frame);
  const widen = Math.max(0, (MIN_SHADE - (to - from)) / 2);
  const [left, right] = [Math.max(0, from - widen), Math.min(PLOT_WIDTH, to + widen)];
  return right > left ? { from: left, to: right } : undefined;
}

/** Where the alert was on the axis of time, px from the left of the plot: a moment, not a slot. Undefined outside of the window. */
export function alertX(record: HydratedRecord, frame: Frame): number | undefined {
  const x = xOf(Date.parse(record.alerted_at), frame);
  return x >= 0 && x <= PLOT_WIDTH ? x : undefined;
}
