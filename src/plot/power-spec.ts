import type { Choice, CurveEntry } from "../model/choice.js";
import { formatDuration, HOUR_MS } from "../time/duration.js";
import { THEMES, type Theme, type ThemeName } from "./theme.js";
import { CONFIG, type VegaLiteSpec } from "./vega-lite-spec.js";

const PANEL_WIDTH = 470;
const PANEL_HEIGHT = 340;
/** The ladder of sizes, in spreads, and lengths that people count in, in hours. */
const SIZES = [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64];
const HOURS = [0.1, 0.25, 0.5, 1, 2, 4, 8, 12, 24];
/** Short incidents are often found from the same size on: dashes let the line under them be seen. */
const DASHES: Readonly<Record<string, readonly number[]>> = { spike: [2, 4], shift_30m: [8, 5] };

/** One point of a curve: the share (0–1) of series in which an incident of at most this size or length is found. */
interface PowerPoint {
  readonly incident: string;
  /** Spreads of the series, or hours. */
  readonly size: number;
  readonly share: number;
}

/**
 * The power of a model over incidents: on the left by size, a line for each shape and duration, on the right by length, for shapes
 * that have no size. A line that does not reach the top leaves series in which no such incident is found.
 */
export function powerSpec(choice: Choice, themeName: ThemeName = "light"): VegaLiteSpec {
  const theme = THEMES[themeName];
  const { curves, series, share } = choice;
  const panel = (grows: CurveEntry["grows"], title: string, colours: readonly string[]) => {
    const own = curves.flatMap((curve, c) => (curve.grows === grows ? [{ curve, c }] : []));
    const ticks = grows === "size" ? SIZES : HOURS;
    return {
      width: PANEL_WIDTH,
      height: PANEL_HEIGHT,
      // What is dashed comes last, above what it may hide.
      data: { values: own.toReversed().flatMap(({ curve, c }) => pointsOf(choice, curve, c, ticks)) },
      mark: { type: "line", interpolate: "step-after", strokeWidth: 2, clip: true, tooltip: null },
      encoding: {
        x: {
          field: "size",
          type: "quantitative",
          scale: { type: "log", base: 2, domain: [ticks[0], ticks[ticks.length - 1]], nice: false },
          axis: { ...axis(title, theme), values: ticks, format: "~r" },
        },
        y: {
          field: "share",
          type: "quantitative",
          scale: { domain: [0, 1] },
          axis: { ...axis("share of series", theme), format: ".0%", tickCount: 5 },
        },
        color: {
          field: "incident",
          type: "nominal",
          scale: { domain: own.map(({ curve }) => nameOf(curve)), range: [...colours] },
          legend: { orient: "bottom", title: null, labelColor: theme.text, labelFontSize: 12, symbolStrokeWidth: 3 },
        },
        strokeDash: {
          field: "incident",
          type: "nominal",
          legend: null,
          scale: {
            domain: own.map(({ curve }) => nameOf(curve)),
            range: own.map(({ curve }) => DASHES[curve.name] ?? [1, 0]),
          },
        },
      },
    };
  };
  const { kind } = theme;
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    background: theme.background,
    padding: 20,
    config: CONFIG,
    title: {
      text: "What would be found",
      subtitle: `Share of ${series.length} series in which ${Math.round(share * 100)} % of incidents of at least that size or length are found`,
      anchor: "start",
      color: theme.text,
      subtitleColor: theme.faintText,
      fontSize: 18,
      subtitleFontSize: 13,
      offset: 16,
    },
    hconcat: [
      panel("size", "size, in spreads of the series", [
        kind.spike,
        theme.expected,
        kind.drop,
        kind.drift,
        kind.variance,
      ]),
      panel("length", "length, hours", [kind.drop, kind.stall, kind.silence, kind.level_shift]),
    ],
    resolve: { scale: { color: "independent", strokeDash: "independent", x: "independent" } },
  } as VegaLiteSpec;
}

function axis(title: string, { axis: line, grid, text, faintText }: Theme) {
  return {
    title,
    titleColor: text,
    titleFontWeight: "normal",
    titleFontSize: 13,
    labelColor: faintText,
    labelFontSize: 12,
    gridColor: grid,
    domainColor: line,
    tickColor: line,
  };
}

function nameOf({ name, durationMs, grows }: CurveEntry): string {
  const shape = name.replace(/_.*$/, "");
  return grows === "length" || durationMs === 0 ? shape : `${shape}, ${formatDuration(durationMs)}`;
}

/** The cumulative distribution of the smallest incidents that are found, over the series. */
function pointsOf({ series }: Choice, curve: CurveEntry, c: number, ticks: readonly number[]): PowerPoint[] {
  const incident = nameOf(curve);
  const sizes = series
    .flatMap(({ smallest }) => smallest[c] ?? [])
    .map((size) => (curve.grows === "length" ? size / HOUR_MS : size))
    .sort((a, b) => a - b);
  const rising = sizes.map((size, i) => ({ incident, size, share: (i + 1) / series.length }));
  const last = rising[rising.length - 1]?.share ?? 0;
  return [{ incident, size: ticks[0], share: 0 }, ...rising, { incident, size: ticks[ticks.length - 1], share: last }];
}
