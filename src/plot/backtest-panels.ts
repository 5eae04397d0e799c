import { valueTicks } from "../wording/format-value.js";
import { longTimeTicks, scoreLabel, scoreTicks } from "./backtest-axis.js";
import { linePoints, spansOf } from "./backtest-points.js";
import type { Theme } from "./theme.js";
import { valueDomain } from "./value-domain.js";

/** One replayed series; arrays have one entry a slot, NaN is missing. */
export interface ReplayedSeries {
  readonly startMs: number;
  readonly stepMs: number;
  readonly values: Float64Array;
  /** 1 where an event is labelled; null where nothing is known. */
  readonly label: Uint8Array | null;
  /** Warm-up at the start. */
  readonly ignoreSlots: number;
  readonly unit: string | null;
}

/** What the panels of one picture share. */
export interface Frame {
  readonly series: ReplayedSeries;
  readonly theme: Theme;
  readonly x: TimeChannel;
  /** Warm-up and labelled events, to be drawn first. */
  readonly shades: readonly object[];
}

export const WIDTH = 1100;
/** A span narrower than this cannot be seen. */
const LEAST_SPAN_PX = 3;
/** Room above a score that never comes near the threshold. */
const LEAST_HIGHEST = 1.5;
/** Missing values break a line; what lies outside of the axis is cut. */
const LINE = { type: "line", invalid: "break-paths-show-path-domains", clip: true, tooltip: null } as const;

export function frameOf(series: ReplayedSeries, timezone: string, theme: Theme): Frame {
  const { startMs, stepMs, values } = series;
  const range = { startMs, endMs: startMs + Math.max(1, values.length) * stepMs };
  const x = { field: "time", ...timeAxis(range, timezone, theme) };
  return { series, theme, x, shades: shadeLayers(series, range, x, theme) };
}

/** A score with its threshold, on a logarithmic axis without words for its times. @param dots mark the slots that reach the threshold. */
export function scorePanel(
  { series, theme, x, shades }: Frame,
  score: Float64Array,
  { height, dots = false }: { readonly height: number; readonly dots?: boolean },
): object {
  const scored = linePoints(score, series.startMs, series.stepMs, WIDTH);
  const highest = scored.reduce((most, { value }) => Math.max(most, value ?? 0), LEAST_HIGHEST);
  const all = scoreTicks(highest);
  const ticks = height < LEAST_FOR_TICKS ? endTicks(all[all.length - 1], height) : all;
  const labels = JSON.stringify(Object.fromEntries(ticks.map((tick) => [tick, scoreLabel(tick)])));
  const y = {
    field: "value",
    type: "quantitative",
    scale: { type: "symlog", domain: [0, all[all.length - 1]], nice: false },
    axis: {
      ...axisStyle(theme),
      ...VALUE_AXIS_WIDTH,
      title: "score",
      values: ticks,
      // The library would write all with the prefix of the largest: 0k for 0 and for 1.
      labelExpr: `${labels}[datum.value]`,
    },
  };
  return {
    width: WIDTH,
    height,
    layer: [
      ...shades,
      {
        data: { values: scored },
        mark: { ...LINE, color: theme.expected, strokeWidth: 1 },
        encoding: { x: { ...x, axis: { ...x.axis, labels: false, ticks: false } }, y },
      },
      {
        data: { values: [{ value: 1 }] },
        mark: { type: "rule", color: theme.episode, strokeDash: [5, 3], tooltip: null },
        encoding: { y },
      },
      ...(dots ? [alarmPoints(alarmDots({ ...series, values: score }, score, { low: 0 }), x, y, theme)] : []),
    ],
  };
}

/** The series itself, and dots in the slots where a score reaches the threshold; `score` absent: no dots. */
export function valuePanel({ series, theme, x, shades }: Frame, height: number, score?: Float64Array): object {
  const observed = linePoints(series.values, series.startMs, series.stepMs, WIDTH);
  const domain = valueDomain(
    observed.map(({ value }) => value),
    [],
  );
  const { values: ticks, labels } = valueTicks(domain.low, domain.high, 6, series.unit);
  const texts = JSON.stringify(Object.fromEntries(ticks.map((tick, i) => [tick, labels[i]])));
  const y = {
    field: "value",
    type: "quantitative",
    scale: { domain: [domain.low, domain.high], nice: false, zero: false },
    axis: {
      ...axisStyle(theme),
      ...VALUE_AXIS_WIDTH,
      title: "value",
      values: ticks,
      labelExpr: `${texts}[datum.value]`,
    },
  };
  return {
    width: WIDTH,
    height,
    layer: [
      ...shades,
      {
        data: { values: observed },
        mark: { ...LINE, color: theme.observed, strokeWidth: 1 },
        encoding: { x, y },
      },
      ...(score === undefined ? [] : [alarmPoints(alarmDots(series, score, domain), x, y, theme)]),
    ],
  };
}

function alarmPoints(dots: readonly object[], x: TimeChannel, y: object, theme: Theme): object {
  return {
    data: { values: dots },
    mark: { type: "point", filled: true, size: 22, opacity: 1, color: theme.episode, tooltip: null },
    encoding: { x, y },
  };
}

/** A panel lower than this has room for its ends and the threshold. */
const LEAST_FOR_TICKS = 100;
const LEAST_APART_PX = 14;

/** The ends of a logarithmic axis and the threshold; no zero where it would touch the threshold. */
function endTicks(top: number, height: number): readonly number[] {
  const oneAt = (height * Math.log1p(1)) / Math.log1p(top);
  return oneAt < LEAST_APART_PX ? [1, top] : [0, 1, top];
}

type TimeChannel = { readonly axis: Readonly<Record<string, unknown>> } & Readonly<Record<string, unknown>>;

function timeAxis(range: { startMs: number; endMs: number }, timezone: string, theme: Theme): TimeChannel {
  const ticks = longTimeTicks(range, timezone);
  const labels = JSON.stringify(Object.fromEntries(ticks.map(({ timeMs, label }) => [timeMs, label])));
  return {
    type: "temporal",
    scale: { type: "utc", domain: [range.startMs, range.endMs], nice: false },
    axis: {
      ...axisStyle(theme),
      title: null,
      values: ticks.map(({ timeMs }) => timeMs),
      labelExpr: `${labels}[time(datum.value)]`,
      labelLineHeight: 15,
    },
  };
}

function axisStyle(theme: Theme) {
  return {
    labelColor: theme.faintText,
    titleColor: theme.faintText,
    titleFontWeight: "normal",
    labelFontSize: 11,
    titleFontSize: 11,
    labelOverlap: false,
    labelFlush: false,
    gridColor: theme.grid,
    tickColor: theme.axis,
    domainColor: theme.axis,
  };
}

/** One width for the words of both value axes, so that the two plots stand under each other. */
const VALUE_AXIS_WIDTH = { minExtent: 56, maxExtent: 56 } as const;

function shadeLayers(
  { label, values, startMs, stepMs, ignoreSlots }: ReplayedSeries,
  range: { startMs: number; endMs: number },
  x: TimeChannel,
  theme: Theme,
): object[] {
  const leastMs = ((range.endMs - range.startMs) / WIDTH) * LEAST_SPAN_PX;
  const shade = (spans: readonly object[], color: string, opacity: number) =>
    spans.length === 0
      ? []
      : [
          {
            data: { values: spans },
            mark: { type: "rect", color, opacity, clip: true, tooltip: null },
            encoding: { x: { ...x, field: "from" }, x2: { field: "until" } },
          },
        ];
  const warmUp = ignoreSlots > 0 ? [{ from: startMs, until: startMs + ignoreSlots * stepMs }] : [];
  const events = label === null ? [] : spansOf((i) => label[i] > 0, values.length, startMs, stepMs, leastMs);
  return [...shade(warmUp, theme.axis, 0.12), ...shade(events, theme.episode, 2 * theme.episodeOpacity)];
}

/** The worst slot at or above the threshold of each pixel; a slot without a value stands at the bottom. */
function alarmDots(
  { values, startMs, stepMs }: ReplayedSeries,
  score: Float64Array,
  domain: { readonly low: number },
): readonly { readonly time: number; readonly value: number }[] {
  const dots: { time: number; value: number }[] = [];
  const perPixel = Math.max(1, Math.ceil(values.length / WIDTH));
  for (let from = 0; from < values.length; from += perPixel) {
    let worst = -1;
    for (let i = from; i < Math.min(values.length, from + perPixel); i++) {
      if (score[i] >= 1 && (worst < 0 || score[i] > score[worst])) worst = i;
    }
    if (worst < 0) continue;
    const value = values[worst];
    dots.push({ time: startMs + worst * stepMs, value: value === value ? value : domain.low });
  }
  return dots;
}
