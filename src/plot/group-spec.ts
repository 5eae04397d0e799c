import { memberNames } from "../records/member-names.js";
import type { HydratedRecord } from "../records/record.js";
import { count } from "../wording/count.js";
import { formatValue, valueTicks } from "../wording/format-value.js";
import { labelWords } from "../wording/labels.js";
import { percent } from "../wording/percent.js";
import { shownUnit } from "../wording/shown-unit.js";
import type { Frame } from "./episode-frame.js";
import { comparisonLayers, observedLayers } from "./episode-layers.js";
import { episodePoints } from "./episode-points.js";
import type { PictureOptions } from "./episode-spec.js";
import { episodeLine, reasonsSentence } from "./episode-words.js";
import { fitText, plainText } from "./text-width.js";
import { THEMES, type Theme } from "./theme.js";
import { timeTicks } from "./time-ticks.js";
import { valueDomain } from "./value-domain.js";
import { CONFIG, type VegaLiteSpec } from "./vega-lite-spec.js";

/** Two columns of three: the members after the sixth rarely make a share that matters. */
const COLUMNS = 2;
const MOST_PANELS = 6;
const PANEL = { width: 500, height: 118, gapX: 30, gapY: 18 } as const;
const TITLE_SIZE = 13;
const TEXT_WIDTH = COLUMNS * PANEL.width + PANEL.gapX;
const EDGE = { left: 72, right: 24, top: 20, bottom: 20 } as const;

type Member = NonNullable<HydratedRecord["members"]>[number];

/**
 * The picture of a group's record: a small picture of each of the members that drive it, the largest share first, all over the same
 * 24 hours with the group's episode shaded. A member without `context` has an empty one.
 */
export function groupSpec(record: HydratedRecord, options: PictureOptions = {}): VegaLiteSpec {
  const theme = THEMES[options.theme ?? "light"];
  const timezone = options.timezone ?? "UTC";
  const members = (record.members ?? []).slice(0, MOST_PANELS);
  const names = memberNames(record.members ?? [], record.labels);
  const left = (record.member_count ?? members.length) - members.length;
  const panels = members.map((member, i) => panelOf(record, member, `${i + 1}  ${names[i]}`, { theme, timezone }));
  const own = labelWords(record.labels);
  const line = (text: string) => fitText(plainText(text), TEXT_WIDTH, TITLE_SIZE);
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    description: plainText(`${own}: ${episodeLine(record, timezone)}`),
    background: theme.background,
    padding: { ...EDGE },
    config: CONFIG,
    title: {
      text: fitText(plainText(own), TEXT_WIDTH, 18, true),
      subtitle: [
        line(
          `${record.severity} · score ${formatValue(record.score, null)}, 1 is the threshold · ${episodeLine(record, timezone)}`,
        ),
        line(reasonsSentence(record)),
        line(
          left > 0
            ? `${count(members.length, "series")} of ${record.member_count}, the largest share first`
            : "the largest share first",
        ),
      ],
      anchor: "start",
      frame: "group",
      color: theme.text,
      subtitleColor: theme.faintText,
      fontSize: 18,
      subtitleFontSize: TITLE_SIZE,
      subtitleLineHeight: 19,
      subtitlePadding: 8,
      offset: 20,
    },
    concat: panels.length > 0 ? panels : [emptyPanel("the record names no members", theme)],
    columns: COLUMNS,
    align: "all",
    spacing: { row: PANEL.gapY, column: PANEL.gapX },
    resolve: { scale: { x: "independent", y: "independent" } },
  } as VegaLiteSpec;
}

function panelOf(
  record: HydratedRecord,
  member: Member,
  name: string,
  { theme, timezone }: { readonly theme: Theme; readonly timezone: string },
): object {
  const off = member.off > 0 ? ` · ${formatValue(member.off, null)} off the others` : "";
  const title = fitText(
    plainText(`${name}  ·  ${percent(member.share)} · score ${formatValue(member.score, null)}${off}`),
    PANEL.width,
    TITLE_SIZE,
  );
  const { context } = member;
  if (context === undefined || context === null) return emptyPanel(`${title}: no data`, theme);
  // Yesterday's lines would be too many in so small a picture.
  const points = episodePoints(record, context).map((point) => ({ ...point, lag24: null, lag72: null }));
  const frame: Frame = {
    theme,
    timezone,
    height: PANEL.height,
    range: { startMs: Date.parse(record.window.start), endMs: Date.parse(record.window.end) },
    domain: valueDomain(
      points.map(({ observed }) => observed),
      points.flatMap(({ expected, lower, upper }) => [expected, lower, upper]),
    ),
  };
  const shade = {
    data: { values: [{ from: Date.parse(record.start), to: Date.parse(record.end) }] },
    mark: { type: "rect", color: theme.episode, opacity: theme.episodeOpacity, clip: true, tooltip: null },
    encoding: { x: { field: "from" }, x2: { field: "to" } },
  };
  const axes = axesOf(frame, shownUnit({ ...record, ...member }));
  const layers = [
    shade,
    ...comparisonLayers(points, frame),
    ...observedLayers(points, { ...record, observed: null }, frame),
  ];
  return {
    title: {
      text: title,
      anchor: "start",
      frame: "group",
      color: theme.text,
      fontSize: TITLE_SIZE,
      fontWeight: "normal",
      offset: 8,
    },
    width: PANEL.width,
    height: PANEL.height,
    data: { values: points },
    layer: layers.map((layer) => withAxes(layer, axes)),
  };
}

function emptyPanel(title: string, theme: Theme): object {
  return {
    title: {
      text: title,
      anchor: "start",
      frame: "group",
      color: theme.faintText,
      fontSize: TITLE_SIZE,
      fontWeight: "normal",
      offset: 8,
    },
    width: PANEL.width,
    height: PANEL.height,
    data: { values: [{}] },
    mark: { type: "rect", color: theme.stripe, tooltip: null },
  };
}

type Channels = Readonly<Record<string, object>>;

function axesOf({ range, domain, theme, timezone }: Frame, unit: string | null | undefined): Channels {
  const times = timeTicks(range, timezone, 5);
  const { values, labels } = valueTicks(domain.low, domain.high, 3, unit);
  const axis = {
    title: null,
    labelColor: theme.faintText,
    labelFontSize: 10.5,
    labelOverlap: false,
    labelFlush: false,
    gridColor: theme.grid,
    tickColor: theme.axis,
    domainColor: theme.axis,
  };
  const lookup = (entries: readonly (readonly [number, string | readonly string[]])[]) =>
    JSON.stringify(Object.fromEntries(entries));
  return {
    x: {
      type: "temporal",
      scale: { type: "utc", domain: [range.startMs, range.endMs], nice: false },
      axis: {
        ...axis,
        values: times.map(({ timeMs }) => timeMs),
        labelExpr: `${lookup(times.map(({ timeMs, label }) => [timeMs, label]))}[time(datum.value)]`,
      },
    },
    y: {
      type: "quantitative",
      scale: { domain: [domain.low, domain.high], nice: false, zero: false },
      axis: {
        ...axis,
        values,
        labelExpr: `${lookup(values.map((value, i) => [value, labels[i]]))}[datum.value]`,
        ticks: false,
        domain: false,
      },
    },
  };
}

/** All layers of a panel share its pair of axes. */
function withAxes(layer: object, axes: Channels): object {
  const { encoding = {} } = layer as { encoding?: Record<string, object> };
  const merged = Object.entries(encoding).map(([channel, own]) => [
    channel,
    channel in axes ? { ...own, ...axes[channel] } : own,
  ]);
  return { ...layer, encoding: Object.fromEntries(merged) };
}
