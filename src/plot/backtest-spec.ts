import { valueTicks } from "../wording/format-value.js";
import { longTimeTicks, scoreLabel, scoreTicks } from "./backtest-axis.js";
import { linePoints, spansOf } from "./backtest-points.js";
import type { PictureOptions } from "./episode-spec.js";
import { plainText } from "./text-width.js";
import { THEMES, type Theme } from "./theme.js";
import { valueDomain } from "./value-domain.js";
import { CONFIG, type VegaLiteSpec } from "./vega-lite-spec.js";

/** One replayed series; arrays have one entry a slot, NaN is missing. */
export interface BacktestPicture {
  readonly title: string;
  readonly startMs: number;
  readonly stepMs: number;
  readonly values: Float64Array;
  readonly score: Float64Array;
  /** 1 where an event is labelled; null where nothing is known. */
  readonly label: Uint8Array | null;
  /** Warm-up at the start. */
  readonly ignoreSlots: number;
  readonly unit: string | null;
}

const WIDTH = 1100;
const SCORE_HEIGHT = 150;
const VALUE_HEIGHT = 300;
/** A span narrower than this cannot be seen. */
const LEAST_SPAN_PX = 3;
/** Room above a score that never comes near the threshold. */
const LEAST_HIGHEST = 1.5;
/** Missing values break a line; what lies outside of the axis is cut. */
const LINE = { type: "line", invalid: "break-paths-show-path-domains", clip: true, tooltip: null } as const;

/**
 * The picture of a replay as a Vega-Lite specification: the score with its threshold above the series, on one time axis; labelled
 * events shaded, slots at or above the threshold as dots, warm-up greyed. A history of any length is drawn with at most
 * four points a pixel.
 */
export function backtestSpec(picture: BacktestPicture, options: PictureOptions = {}): VegaLiteSpec {
  const theme = THEMES[options.theme ?? "light"];
  const timezone = options.timezone ?? "UTC";
  const { startMs, stepMs, values, score } = picture;
  const range = { startMs, endMs: startMs + Math.max(1, values.length) * stepMs };
  const observed = linePoints(values, startMs, stepMs, WIDTH);
  const scored = linePoints(score, startMs, stepMs, WIDTH);
  const highest = scored.reduce((most, { value }) => Math.max(most, value ?? 0), LEAST_HIGHEST);
  const ticksOfScore = scoreTicks(highest);
  const scoreLabels = JSON.stringify(Object.fromEntries(ticksOfScore.map((tick) => [tick, scoreLabel(tick)])));
  const domain = valueDomain(
    observed.map(({ value }) => value),
    [],
  );
  const x = { field: "time", ...timeAxis(range, timezone, theme) };
  const shades = shadeLayers(picture, range, x, theme);
  const { values: ticks, labels } = valueTicks(domain.low, domain.high, 6, picture.unit);
  const valueLabels = JSON.stringify(Object.fromEntries(ticks.map((tick, i) => [tick, labels[i]])));
  const scoreY = {
    field: "value",
    type: "quantitative",
    scale: { type: "symlog", domain: [0, ticksOfScore[ticksOfScore.length - 1]], nice: false },
    axis: {
      ...axisStyle(theme),
      ...VALUE_AXIS_WIDTH,
      title: "score",
      values: ticksOfScore,
      // The library would write all with the prefix of the largest: 0k for 0 and for 1.
      labelExpr: `${scoreLabels}[datum.value]`,
    },
  };
  const valueY = {
    field: "value",
    type: "quantitative",
    scale: { domain: [domain.low, domain.high], nice: false, zero: false },
    axis: {
      ...axisStyle(theme),
      ...VALUE_AXIS_WIDTH,
      title: "value",
      values: ticks,
      labelExpr: `${valueLabels}[datum.value]`,
    },
  };
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    description: plainText(`Replay of ${picture.title}`),
    title: {
      text: plainText(picture.title),
      subtitle: subtitle(picture, timezone),
      anchor: "start",
      color: theme.text,
      subtitleColor: theme.faintText,
      fontSize: 16,
      subtitleFontSize: 11,
      offset: 12,
    },
    padding: 20,
    background: theme.background,
    config: CONFIG,
    spacing: 14,
    vconcat: [
      {
        width: WIDTH,
        height: SCORE_HEIGHT,
        layer: [
          ...shades,
          {
            data: { values: scored },
            mark: { ...LINE, color: theme.expected, strokeWidth: 1 },
            encoding: { x: { ...x, axis: { ...x.axis, labels: false, ticks: false } }, y: scoreY },
          },
          {
            data: { values: [{ value: 1 }] },
            mark: { type: "rule", color: theme.episode, strokeDash: [5, 3], tooltip: null },
            encoding: { y: scoreY },
          },
        ],
      },
      {
        width: WIDTH,
        height: VALUE_HEIGHT,
        layer: [
          ...shades,
          {
            data: { values: observed },
            mark: { ...LINE, color: theme.observed, strokeWidth: 1 },
            encoding: { x, y: valueY },
          },
          {
            data: { values: alarmDots(picture, domain) },
            mark: { type: "point", filled: true, size: 22, opacity: 1, color: theme.episode, tooltip: null },
            encoding: { x, y: valueY },
          },
        ],
      },
    ],
  } as VegaLiteSpec;
}

function subtitle(picture: BacktestPicture, timezone: string): string {
  const parts = [
    "dashed: the threshold, score 1",
    "dots: slots that reach it",
    ...(picture.label === null ? [] : ["shaded: labelled events"]),
    ...(picture.ignoreSlots > 0 ? ["grey: warm-up"] : []),
    `times in ${timezone}`,
  ];
  return parts.join("   ·   ");
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
  { label, values, startMs, stepMs, ignoreSlots }: BacktestPicture,
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
function alarmDots({ values, score, startMs, stepMs }: BacktestPicture, domain: { readonly low: number }) {
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
