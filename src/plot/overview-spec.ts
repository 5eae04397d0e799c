import { isGroupRecord } from "../records/group-members.js";
import type { HydratedRecord } from "../records/record.js";
import { worstFirst } from "../records/worst-first.js";
import { tellingLabels } from "../series/telling-labels.js";
import { aggregatorWords } from "../wording/labels.js";
import { shownUnit } from "../wording/shown-unit.js";
import type { PictureOptions } from "./episode-spec.js";
import { barLayers } from "./overview-bars.js";
import { type Columns, columnsOf, HEADER, OVERVIEW_WIDTH, ROW, type Row } from "./overview-layout.js";
import { header, restNote, rowTexts, stripes, titleOf, totals } from "./overview-texts.js";
import { THEMES } from "./theme.js";
import { boxLayer, CONFIG, textLayer, type VegaLiteSpec } from "./vega-lite-spec.js";

export interface OverviewOptions extends PictureOptions {
  /** Rows that are drawn at most; how many are left out is written under them. Default 1,000 (a picture of 16,000 px). */
  readonly maxRows?: number;
  /** Where the picture of a record is, from the overview: its bar is then a link. */
  readonly pictureOf?: (record: HydratedRecord) => string;
}

const MAX_ROWS = 1000;

/**
 * All records in one picture: a row each with a bar in the colour of its severity. Where all values have one unit, the highest
 * `max_value` is first (records without one last) and the bar is the value. Bytes and seconds cannot be compared: where units
 * differ, the worst severity and the highest score are first, and the bar is the score. The picture grows with the rows: 600
 * rows are 9,700 px high.
 */
export function overviewSpec(records: readonly HydratedRecord[], options: OverviewOptions = {}): VegaLiteSpec {
  const theme = THEMES[options.theme ?? "light"];
  const timezone = options.timezone ?? "UTC";
  const telling = tellingLabels(records);
  // A group has no value, and so no unit.
  const byScore = new Set(records.filter((record) => !isGroupRecord(record)).map(shownUnit)).size > 1;
  const sorted = records
    .map((record): Row => {
      const value = record.max_value ?? record.observed;
      return { record, value, bar: byScore ? record.score : value, name: aggregatorWords(record, telling) };
    })
    .toSorted((a, b) => (byScore ? worstFirst(a.record, b.record) : byValue(a, b)));
  const rows = sorted.slice(0, options.maxRows ?? MAX_ROWS);
  const columns = columnsOf(rows, timezone);
  const height = Math.max(1, rows.length) * ROW;
  const left = sorted.length - rows.length;
  const footer = left > 0 ? 48 : 24;
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    description: titleOf(records, timezone),
    width: columns.barWidth,
    height,
    padding: { left: columns.bar, right: OVERVIEW_WIDTH - columns.bar - columns.barWidth, top: HEADER, bottom: footer },
    autosize: { type: "none" },
    background: theme.background,
    config: CONFIG,
    layer: [
      boxLayer([...stripes(rows.length, theme), ...totals(records, theme).boxes].map((box) => shifted(box, columns))),
      ...barLayers(rows, columns, { ...options, theme, timezone, byScore }),
      textLayer(
        [
          ...header(records, columns, theme, timezone),
          ...rows.flatMap((row, i) => rowTexts(row, i, columns, theme, timezone)),
          ...restNote(rows.length, left, byScore, theme),
        ].map((text) => shifted(text, columns)),
      ),
    ],
  } as VegaLiteSpec;
}

function byValue(a: Row, b: Row): number {
  return (b.value ?? Number.NEGATIVE_INFINITY) - (a.value ?? Number.NEGATIVE_INFINITY) || byName(a, b);
}

function byName(a: Row, b: Row): number {
  const [x, y] = [a, b].map(({ record }) => `${record.machine} ${record.aggregator} ${record.start}`);
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Everything is placed from the picture's corner; the library counts from the plot's. */
function shifted<T extends { readonly x: number; readonly y: number }>(placed: T, columns: Columns): T {
  return { ...placed, x: placed.x - columns.bar, y: placed.y - HEADER };
}
