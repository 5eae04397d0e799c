import type { HydratedRecord } from "../records/record.js";
import { formatValue } from "../wording/format-value.js";
import { formatIn } from "../wording/moment.js";
import { shownUnit } from "../wording/shown-unit.js";
import { alertX, episodeSpan, type Frame, PLOT_WIDTH } from "./episode-frame.js";
import type { EpisodePoint } from "./episode-points.js";
import { type Layer, ruleLayer } from "./vega-lite-spec.js";

/** Missing values break a line and bound no area; what lies outside of the axis is cut at the plot's edge. */
const PATH = { invalid: "break-paths-show-path-domains", clip: true, tooltip: null } as const;

export function shadeLayers(record: HydratedRecord, frame: Frame): Layer[] {
  const span = episodeSpan(record, frame);
  if (span === undefined) return [];
  const { episode, episodeOpacity } = frame.theme;
  return [
    {
      data: { values: [{}] },
      mark: {
        type: "rect",
        x: span.from,
        x2: span.to,
        y: 0,
        y2: frame.height,
        color: episode,
        opacity: episodeOpacity,
        tooltip: null,
      },
    },
    ...alertRule(record, frame),
  ] as Layer[];
}

/** Where the score first reached the threshold: from the episode's beginning to here nobody knew. */
function alertRule(record: HydratedRecord, frame: Frame): Layer[] {
  const x = alertX(record, frame);
  if (x === undefined) return [];
  return [ruleLayer([{ x, y: 0, x2: x, y2: frame.height }], { color: frame.theme.episodeText, strokeDash: [3, 3] })];
}

/** What the observed values are compared with; what has no value at all is left out. */
export function comparisonLayers(points: readonly EpisodePoint[], { theme }: Frame): Layer[] {
  const line = (field: "expected" | "lag24" | "lag72", mark: object) =>
    points.some((point) => point[field] !== null)
      ? [{ mark: { type: "line", ...PATH, ...mark }, encoding: { x: { field: "time" }, y: { field } } }]
      : [];
  const band = points.some((point) => point.lower !== null && point.upper !== null)
    ? [
        {
          mark: { type: "area", ...PATH, color: theme.band, opacity: theme.bandOpacity },
          encoding: { x: { field: "time" }, y: { field: "lower" }, y2: { field: "upper" } },
        },
      ]
    : [];
  return [
    ...band,
    ...line("lag72", { color: theme.lag72, strokeWidth: 1.2, opacity: theme.lagOpacity }),
    ...line("lag24", { color: theme.lag24, strokeWidth: 1.2, opacity: theme.lagOpacity }),
    ...line("expected", { color: theme.expected, strokeWidth: 1.6, strokeDash: [6, 3] }),
  ] as Layer[];
}

export function observedLayers(
  points: readonly EpisodePoint[],
  record: HydratedRecord,
  { theme, domain }: Frame,
): Layer[] {
  const encoding = { x: { field: "time" }, y: { field: "observed" } };
  // Two px for a slot of less than two would run the noise of a day of minutes together.
  const strokeWidth = points.length > PLOT_WIDTH / 2 ? 1.3 : 2;
  const dots = { type: "point", filled: true, opacity: 1, tooltip: null } as const;
  const inside =
    record.context !== null &&
    record.observed !== null &&
    record.observed >= domain.low &&
    record.observed <= domain.high;
  const worst = {
    data: { values: [{ time: Date.parse(record.timestamp), observed: record.observed }] },
    mark: { ...dots, filled: false, size: 130, color: theme.episode, strokeWidth: 2 },
    encoding,
  };
  return [
    { mark: { type: "line", ...PATH, color: theme.observed, strokeWidth }, encoding },
    {
      transform: [{ filter: "datum.alone && isValid(datum.observed)" }],
      mark: { ...dots, size: 22, color: theme.observed },
      encoding,
    },
    {
      transform: [{ filter: "datum.crossing" }],
      mark: { ...dots, size: 26, color: theme.episode },
      encoding,
    },
    ...(inside ? [worst] : []),
  ] as Layer[];
}

/** One invisible stripe for each slot: the whole height of the picture answers the pointer. */
export function hoverLayers(points: readonly EpisodePoint[], record: HydratedRecord, frame: Frame): Layer[] {
  const value = (of: number | null) => formatValue(of, shownUnit(record));
  const rows = points.map((point) => ({
    time: point.time,
    when: `${formatIn(point.time, frame.timezone)} ${frame.timezone}`,
    observed: value(point.observed),
    expected: value(point.expected),
    band: `${value(point.lower)} to ${value(point.upper)}`,
    "24 h before": value(point.lag24),
    "72 h before": value(point.lag72),
  }));
  if (rows.length === 0) return [];
  return [
    {
      data: { values: rows },
      mark: { type: "rule", strokeWidth: Math.max(2, PLOT_WIDTH / points.length), opacity: 0 },
      encoding: {
        x: { field: "time" },
        tooltip: Object.keys(rows[0])
          .filter((field) => field !== "time")
          .map((field) => ({ field, type: "nominal" })),
      },
    },
  ] as Layer[];
}
