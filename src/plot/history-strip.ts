import type { HydratedRecord, RecordHistory } from "../records/record.js";
import type { TimeRange } from "../series/series.js";
import { formatValue, valueTicks } from "../wording/format-value.js";
import { shownUnit } from "../wording/shown-unit.js";
import { longTimeTicks } from "./backtest-axis.js";
import { type Frame, MARGIN, PLOT_WIDTH, STRIP } from "./episode-frame.js";
import { fitText } from "./text-width.js";
import { type ValueDomain, valueDomain } from "./value-domain.js";
import { type Layer, type PlacedText, PX, ruleLayer } from "./vega-lite-spec.js";

/** The small picture under the large one: the two weeks before, an hour a slot, with the window and the episode in them. */
interface Strip {
  readonly history: RecordHistory;
  readonly range: TimeRange;
  readonly domain: ValueDomain;
}

const LABEL_SIZE = 11;
const LEAST_SHADE = 3;
/** Two lines of text do not touch. */
const LEAST_TICK_DISTANCE = 16;

/** Undefined where there is nothing to draw: an older record, or a series that is new. */
function stripOf(record: HydratedRecord): Strip | undefined {
  const { history } = record;
  if (!history?.median.some((value) => value !== null)) return undefined;
  const startMs = Date.parse(history.start);
  const endMs = Math.max(Date.parse(record.window.end), startMs + history.median.length * history.step_s * 1000);
  const { low, high } = valueDomain([...history.low, ...history.high], []);
  return { history, range: { startMs, endMs }, domain: { low, high } };
}

export const hasStrip = (record: HydratedRecord): boolean => stripOf(record) !== undefined;

const xOf = (timeMs: number, { range }: Strip): number =>
  ((timeMs - range.startMs) / (range.endMs - range.startMs)) * PLOT_WIDTH;

const yOf = (value: number, { domain }: Strip, top: number): number =>
  top + (1 - (value - domain.low) / (domain.high - domain.low)) * STRIP.height;

const QUIET = { tooltip: null } as const;

export function stripLayers(record: HydratedRecord, frame: Frame): Layer[] {
  const strip = stripOf(record);
  if (strip === undefined) return [];
  const { theme } = frame;
  const top = frame.height + STRIP.top;
  const bottom = top + STRIP.height;
  const { history, range } = strip;
  const slotMs = history.step_s * 1000;
  const x = (slot: number) => xOf(range.startMs + (slot + 0.5) * slotMs, strip);
  const y = (value: number | null) => (value === null ? null : yOf(value, strip, top));
  const slots = history.median.map((value, i) => ({
    x: x(i),
    y: y(value),
    low: y(history.low[i]),
    high: y(history.high[i]),
    alone: value !== null && (history.median[i - 1] ?? null) === null && (history.median[i + 1] ?? null) === null,
  }));
  const span = (from: string, to: string, least: number) => {
    const [left, right] = [xOf(Date.parse(from), strip), xOf(Date.parse(to), strip)];
    const widen = Math.max(0, (least - (right - left)) / 2);
    return { x: Math.max(0, left - widen), x2: Math.min(PLOT_WIDTH, right + widen) };
  };
  const window = span(record.window.start, record.window.end, LEAST_SHADE);
  const episode = span(record.start, record.end, LEAST_SHADE);
  const path = { ...QUIET, invalid: "break-paths-show-path-domains" } as const;
  return [
    ruleLayer(
      valueGrid(strip, record, top).map((tick) => ({ x: 0, y: tick.y, x2: PLOT_WIDTH, y2: tick.y })),
      { color: theme.grid },
    ),
    ruleLayer(
      [
        { x: 0, y: bottom, x2: PLOT_WIDTH, y2: bottom },
        ...dayTicks(strip, frame).map((tick) => ({ x: tick.x, y: bottom, x2: tick.x, y2: bottom + 4 })),
      ],
      { color: theme.axis },
    ),
    ...(episode.x2 > episode.x
      ? [
          {
            data: { values: [{}] },
            mark: {
              type: "rect",
              ...QUIET,
              ...episode,
              y: top,
              y2: bottom,
              color: theme.episode,
              opacity: theme.episodeOpacity + 0.12,
            },
          },
        ]
      : []),
    {
      data: { values: slots },
      mark: { type: "area", ...path, color: theme.observed, opacity: theme.historyOpacity },
      encoding: { x: PX.x, y: { ...PX.y, field: "low" }, y2: { field: "high" } },
    },
    {
      data: { values: slots },
      mark: { type: "line", ...path, color: theme.observed, strokeWidth: 1.1 },
      encoding: PX,
    },
    {
      data: { values: slots.filter((slot) => slot.alone) },
      mark: { type: "point", ...QUIET, filled: true, opacity: 1, size: 8, color: theme.observed },
      encoding: PX,
    },
    {
      data: { values: [{}] },
      mark: {
        type: "rect",
        ...QUIET,
        ...window,
        y: top - 3,
        y2: bottom,
        fill: null,
        stroke: theme.axis,
        strokeWidth: 1,
        cornerRadius: 2,
      },
    },
  ] as Layer[];
}

/** Title, days, two values, and what the line and the shade are. */
export function stripTexts(record: HydratedRecord, frame: Frame): PlacedText[] {
  const strip = stripOf(record);
  if (strip === undefined) return [];
  const { theme } = frame;
  const top = frame.height + STRIP.top;
  const faint = { size: LABEL_SIZE, colour: theme.faintText } as const;
  const title = `the two weeks before${usualWords(record, strip.history)} · boxed: the window above`;
  const hourly = strip.history.step_s === 3600;
  return [
    { ...faint, x: 0, y: top - 10, text: fitText(title, PLOT_WIDTH - 200, LABEL_SIZE) },
    ...dayTicks(strip, frame).map(
      (tick): PlacedText => ({ ...faint, ...tick, y: top + STRIP.height + 16, align: "center" }),
    ),
    ...valueGrid(strip, record, top).map(
      ({ y, text }): PlacedText => ({ ...faint, x: -8, y: y + 4, text, align: "right" }),
    ),
    ...(hourly ? ["1 h median", "and extent"] : ["median", "and extent"]).map(
      (text, i): PlacedText => ({ ...faint, x: PLOT_WIDTH + 10, y: top + STRIP.height / 2 + 15 * i, text }),
    ),
  ];
}

/** Days whose labels lie inside the plot. */
function dayTicks(strip: Strip, { timezone }: Frame): { x: number; text: string }[] {
  return longTimeTicks(strip.range, timezone)
    .map(({ timeMs, label }) => ({ x: xOf(timeMs, strip), text: label[0] }))
    .filter(({ x }) => x >= 0 && x <= PLOT_WIDTH);
}

/** Two or three round values, far enough apart for their labels. */
function valueGrid(strip: Strip, record: HydratedRecord, top: number): { y: number; text: string }[] {
  const { low, high } = strip.domain;
  for (const count of [3, 2, 1]) {
    const { values, labels } = valueTicks(low, high, count, shownUnit(record));
    const places = values.map((value, i) => ({ y: yOf(value, strip, top), text: labels[i] }));
    const apart = places.every(({ y }, i) => i === 0 || Math.abs(y - places[i - 1].y) >= LEAST_TICK_DISTANCE);
    const fits = places.every(({ text }) => fitText(text, MARGIN.left - 12, LABEL_SIZE) === text);
    if (places.length > 0 && apart && fits) return places;
  }
  return [];
}

/**
 * Whether the episode's worst value was there before: `: never as high, at most 0.0812` or `: as high in 14 of 331 hours`.
 * Empty where no value decides (a silence, a stall) or the history holds nothing before the episode.
 */
export function usualWords(record: HydratedRecord, history: RecordHistory): string {
  const { observed, direction, kind } = record;
  // What is odd about a stall is not its height.
  if (observed === null || direction === "none" || kind === "stall") return "";
  const before = Math.floor((Date.parse(record.start) - Date.parse(history.start)) / (history.step_s * 1000));
  const extremes = (direction === "up" ? history.high : history.low)
    .slice(0, Math.max(0, before))
    .filter((value) => value !== null);
  if (extremes.length === 0) return "";
  // The history has four digits: half of the last one is no difference.
  const slack = Math.abs(observed) * 5e-4;
  const reached = extremes.filter((value) =>
    direction === "up" ? value >= observed - slack : value <= observed + slack,
  ).length;
  const way = direction === "up" ? "high" : "low";
  const slot = history.step_s === 3600 ? "hours" : "slots";
  if (reached > 0) return `: as ${way} in ${reached} of ${extremes.length} ${slot}`;
  const extreme = extremes.reduce((a, b) => (direction === "up" ? Math.max(a, b) : Math.min(a, b)));
  return `: never as ${way}, at ${direction === "up" ? "most" : "least"} ${formatValue(extreme, shownUnit(record))}`;
}
