import type { HydratedRecord } from "../records/record.js";
import { furtherLabels } from "../series/telling-labels.js";
import { type ValueTicks, valueTicks } from "../wording/format-value.js";
import { labelWords } from "../wording/labels.js";
import { shownUnit } from "../wording/shown-unit.js";
import {
  type Frame,
  MARGIN,
  PICTURE_HEIGHT,
  PLOT_HEIGHT,
  PLOT_HEIGHT_WITH_STRIP,
  PLOT_WIDTH,
} from "./episode-frame.js";
import { comparisonLayers, hoverLayers, observedLayers, shadeLayers } from "./episode-layers.js";
import { episodePoints } from "./episode-points.js";
import { badgeBox, endLabels, footerTexts, headerTexts, plotNotes } from "./episode-texts.js";
import { episodeLine } from "./episode-words.js";
import { hasStrip, stripLayers, stripTexts } from "./history-strip.js";
import { plainText } from "./text-width.js";
import { THEMES, type ThemeName } from "./theme.js";
import { timeTicks } from "./time-ticks.js";
import { valueDomain } from "./value-domain.js";
import { boxLayer, CONFIG, type Layer, textLayer, type VegaLiteSpec } from "./vega-lite-spec.js";

export interface PictureOptions {
  readonly theme?: ThemeName;
  /** IANA zone of the times that are written; the axis says which. Default UTC. */
  readonly timezone?: string;
  /** Adds what answers the pointer in a web page; it cannot be seen. */
  readonly interactive?: boolean;
}

/**
 * The picture of a hydrated record as a Vega-Lite specification, 1200 × 600, in two zooms: the window of 24 hours, and under it
 * the two weeks before, small.
 *
 * A slot's value stands at the slot's start. A null is a gap in its line. A record without `context` gives a picture with
 * its words and the reason why there is no data.
 */
export function episodeSpec(record: HydratedRecord, options: PictureOptions = {}): VegaLiteSpec {
  const points = record.context === null ? [] : episodePoints(record, record.context);
  const frame: Frame = {
    theme: THEMES[options.theme ?? "light"],
    timezone: options.timezone ?? "UTC",
    height: hasStrip(record) ? PLOT_HEIGHT_WITH_STRIP : PLOT_HEIGHT,
    range: { startMs: Date.parse(record.window.start), endMs: Date.parse(record.window.end) },
    domain: valueDomain(
      points.map((point) => point.observed),
      points.flatMap((point) => [point.expected, point.lower, point.upper, point.lag24, point.lag72]),
    ),
  };
  const layers = [
    ...shadeLayers(record, frame),
    ...comparisonLayers(points, frame),
    ...observedLayers(points, record, frame),
    ...stripLayers(record, frame),
    boxLayer([badgeBox(record, frame)]),
    textLayer([
      ...headerTexts(record, frame),
      ...footerTexts(record, frame),
      ...endLabels(points, frame),
      ...plotNotes(record, points, frame),
      ...stripTexts(record, frame),
    ]),
    ...(options.interactive === true ? hoverLayers(points, record, frame) : []),
  ];
  const empty = points.every(
    ({ observed, expected, lag24, lag72 }) => (observed ?? expected ?? lag24 ?? lag72) === null,
  );
  const axes = axesOf(
    frame,
    empty
      ? undefined
      : valueTicks(frame.domain.low, frame.domain.high, Math.round(frame.height / 55), shownUnit(record)),
  );
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    description: plainText(
      `${[record.machine, record.aggregator, labelWords(furtherLabels(record))].filter((text) => text !== "").join(" ")}: ${episodeLine(record, frame.timezone)}`,
    ),
    width: PLOT_WIDTH,
    height: frame.height,
    padding: { ...MARGIN, bottom: PICTURE_HEIGHT - MARGIN.top - frame.height },
    autosize: { type: "none" },
    background: frame.theme.background,
    config: CONFIG,
    data: { values: points },
    layer: layers.map((layer) => withAxes(layer, axes)),
  } as VegaLiteSpec;
}

type Channels = Readonly<Record<string, object>>;

/** Places and words of the ticks are computed here: the same on every machine, and in any zone. */
function axesOf({ range, domain, theme, timezone }: Frame, ticks: ValueTicks | undefined): Channels {
  const times = timeTicks(range, timezone, 13);
  // A scale of values without any value would be made up.
  const { values, labels } = ticks ?? { values: [], labels: [] };
  const axis = {
    title: null,
    labelColor: theme.faintText,
    labelFontSize: 11,
    labelOverlap: false,
    labelFlush: false,
    gridColor: theme.grid,
    tickColor: theme.axis,
    domainColor: theme.axis,
  };
  return {
    x: {
      type: "temporal",
      scale: { type: "utc", domain: [range.startMs, range.endMs], nice: false },
      axis: {
        ...axis,
        values: times.map((tick) => tick.timeMs),
        labelExpr: lookup(times.map((tick) => [tick.timeMs, tick.label])).concat("[time(datum.value)]"),
        labelLineHeight: 15,
        labelPadding: 4,
      },
    },
    y: {
      type: "quantitative",
      scale: { domain: [domain.low, domain.high], nice: false, zero: false },
      axis: {
        ...axis,
        values,
        labelExpr: lookup(values.map((value, i) => [value, labels[i]])).concat("[datum.value]"),
        labelPadding: 8,
        ticks: false,
        domain: false,
      },
    },
  };
}

/** A table in the library's expression language: it knows objects as JavaScript does. */
function lookup(entries: readonly (readonly [number, string | readonly string[]])[]): string {
  return JSON.stringify(Object.fromEntries(entries));
}

/** Layers with a time or a value share one pair of axes; those that are placed in px have none. */
function withAxes(layer: Layer, axes: Channels): Layer {
  const { encoding } = layer as { encoding?: Record<string, object> };
  if (encoding === undefined) return layer;
  const merged = Object.entries(encoding).map(([channel, own]) => [
    channel,
    // What is placed in px says so by having no scale.
    channel in axes && !("scale" in own) ? { ...own, ...axes[channel] } : own,
  ]);
  return { ...layer, encoding: Object.fromEntries(merged) } as Layer;
}
