import type { AnomalyRecord, HydratedRecord, Severity } from "../anomalies/record.js";
import type { PictureOptions } from "./episode-spec.js";
import { formatValue, valueTicks } from "./format-value.js";
import { fitText, plainText, textWidth } from "./text-width.js";
import { SEVERITIES, THEMES, type Theme } from "./theme.js";
import { formatIn } from "./time-ticks.js";
import {
  boxLayer,
  type Layer,
  type PlacedBox,
  type PlacedText,
  textLayer,
  type VegaLiteSpec,
} from "./vega-lite-spec.js";

export interface OverviewOptions extends PictureOptions {
  /** Rows that are drawn at most; how many are left out is written under them. Default 2,000 (a picture of 32,000 px). */
  readonly maxRows?: number;
}

export const OVERVIEW_WIDTH = 1400;
const EDGE = 24;
const HEADER = 112;
const ROW = 16;
const TEXT_SIZE = 11;
const GAP = 16;
const MAX_ROWS = 2000;
/** A name column is as wide as its longest name, up to this. */
const MAX_MACHINE = 330;
const MAX_AGGREGATOR = 300;
/** Bars of values that lie more than this far apart need a logarithmic axis to be told from nothing. */
const WIDE_RATIO = 200;

interface Row {
  readonly record: HydratedRecord;
  readonly value: number | null;
}

/** Places of the columns, px from the left of the picture. */
interface Columns {
  readonly rank: number;
  readonly machine: number;
  readonly machineWidth: number;
  readonly aggregator: number;
  readonly aggregatorWidth: number;
  readonly kind: number;
  readonly start: number;
  readonly value: number;
  readonly bar: number;
  readonly barWidth: number;
}

/**
 * All records in one picture: a row each, the highest `max_value` first (records without one last), a bar in the colour of
 * the severity. The picture grows with the rows: 600 rows are 9,700 px high.
 */
export function overviewSpec(records: readonly HydratedRecord[], options: OverviewOptions = {}): VegaLiteSpec {
  const theme = THEMES[options.theme ?? "light"];
  const timezone = options.timezone ?? "UTC";
  const sorted = records
    .map((record) => ({ record, value: record.max_value ?? record.observed }))
    .toSorted((a, b) => (b.value ?? Number.NEGATIVE_INFINITY) - (a.value ?? Number.NEGATIVE_INFINITY) || byName(a, b));
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
      ...barLayers(rows, columns, theme, options.interactive === true, timezone),
      textLayer(
        [
          ...header(records, columns, theme, timezone),
          ...rows.flatMap((row, i) => rowTexts(row, i, columns, theme, timezone)),
          ...notes(rows.length, left, theme),
        ].map((text) => shifted(text, columns)),
      ),
    ],
  } as VegaLiteSpec;
}

function byName(a: Row, b: Row): number {
  const [x, y] = [a, b].map(({ record }) => `${record.machine} ${record.aggregator} ${record.start}`);
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Everything is placed from the picture's corner; the library counts from the plot's. */
function shifted<T extends { readonly x: number; readonly y: number }>(placed: T, columns: Columns): T {
  return { ...placed, x: placed.x - columns.bar, y: placed.y - HEADER };
}

function columnsOf(rows: readonly Row[], timezone: string): Columns {
  const widest = (of: (record: AnomalyRecord) => string, least: number, most: number) =>
    Math.min(
      most,
      rows.reduce((width, { record }) => Math.max(width, textWidth(of(record), TEXT_SIZE)), least),
    );
  const rank = EDGE + textWidth(String(rows.length), TEXT_SIZE);
  const machine = rank + 10;
  const machineWidth = widest((record) => plainText(record.machine), 60, MAX_MACHINE);
  const aggregator = machine + machineWidth + GAP;
  const aggregatorWidth = widest((record) => plainText(record.aggregator), 70, MAX_AGGREGATOR);
  const kind = aggregator + aggregatorWidth + GAP;
  const start = kind + widest((record) => record.kind.replace("_", " "), 30, 90) + GAP;
  const startWidth = widest((record) => formatIn(Date.parse(record.start), timezone), 30, 140);
  const valueWidth = rows.reduce(
    (width, { record, value }) => Math.max(width, textWidth(formatValue(value, record.unit), TEXT_SIZE, true)),
    textWidth("max value", TEXT_SIZE),
  );
  const value = start + startWidth + GAP + valueWidth;
  const bar = value + 26;
  return {
    rank,
    machine,
    machineWidth,
    aggregator,
    aggregatorWidth,
    kind,
    start,
    value,
    bar,
    barWidth: OVERVIEW_WIDTH - EDGE - 12 - bar,
  };
}

function titleOf(records: readonly HydratedRecord[], timezone: string): string {
  if (records.length === 0) return "No anomalies";
  const from = formatIn(Math.min(...records.map((record) => Date.parse(record.start))), timezone);
  const to = formatIn(Math.max(...records.map((record) => Date.parse(record.end))), timezone);
  const many = (count: number, one: string) => `${count} ${one}${count === 1 ? "" : "s"}`;
  const machines = new Set(records.map((record) => record.machine)).size;
  const text = `${records.length === 1 ? "1 anomaly" : `${records.length} anomalies`} on ${many(machines, "machine")}, `;
  return `${text}${from} to ${to} ${timezone}`;
}

/** A patch, the name and the count of each severity that occurs, in one line. */
function totals(records: readonly HydratedRecord[], theme: Theme): { boxes: PlacedBox[]; texts: PlacedText[] } {
  const boxes: PlacedBox[] = [];
  const texts: PlacedText[] = [];
  let x = EDGE;
  for (const severity of SEVERITIES) {
    const count = records.filter((record) => record.severity === severity).length;
    if (count === 0) continue;
    const text = `${severity} ${count}`;
    boxes.push({ x, y: 51, width: 12, height: 12, colour: theme.severity[severity] });
    texts.push({ x: x + 18, y: 62, text, size: 13, colour: theme.text });
    x += 18 + textWidth(text, 13) + 24;
  }
  return { boxes, texts };
}

function header(records: readonly HydratedRecord[], columns: Columns, theme: Theme, timezone: string): PlacedText[] {
  const title = fitText(titleOf(records, timezone), OVERVIEW_WIDTH - 2 * EDGE, 18, true);
  const head = (x: number, text: string, align: PlacedText["align"] = "left"): PlacedText => ({
    x,
    y: HEADER - 10,
    text,
    size: TEXT_SIZE,
    colour: theme.faintText,
    align,
  });
  const names = [
    head(columns.machine, "machine"),
    head(columns.aggregator, "aggregator"),
    head(columns.kind, "kind"),
    head(columns.start, "start"),
    head(columns.value, "max value", "right"),
  ];
  return [
    { x: EDGE, y: 34, text: title, size: 18, colour: theme.text, weight: "bold" },
    ...totals(records, theme).texts,
    ...(records.length === 0 ? [] : names),
  ];
}

function rowTexts({ record, value }: Row, i: number, columns: Columns, theme: Theme, timezone: string): PlacedText[] {
  const y = HEADER + i * ROW + 12;
  const cell = (x: number, text: string, colour: string): PlacedText => ({ x, y, text, size: TEXT_SIZE, colour });
  return [
    { ...cell(columns.rank, String(i + 1), theme.faintText), align: "right" },
    cell(columns.machine, fitText(plainText(record.machine), columns.machineWidth, TEXT_SIZE), theme.text),
    cell(columns.aggregator, fitText(plainText(record.aggregator), columns.aggregatorWidth, TEXT_SIZE), theme.text),
    cell(columns.kind, record.kind.replace("_", " "), theme.faintText),
    cell(columns.start, formatIn(Date.parse(record.start), timezone), theme.faintText),
    { ...cell(columns.value, formatValue(value, record.unit), theme.text), align: "right", weight: "bold" },
  ];
}

/** Every second row on a faint ground leads the eye from the name to the bar. */
function stripes(count: number, theme: Theme): PlacedBox[] {
  return Array.from({ length: Math.floor(count / 2) }, (_, i) => ({
    x: EDGE - 8,
    y: HEADER + (2 * i + 1) * ROW,
    width: OVERVIEW_WIDTH - 2 * EDGE + 16,
    height: ROW,
    colour: theme.stripe,
  }));
}

function barLayers(
  rows: readonly Row[],
  columns: Columns,
  theme: Theme,
  interactive: boolean,
  timezone: string,
): Layer[] {
  const shown = rows.flatMap((row, i) => (row.value === null ? [] : [{ ...row, value: row.value, i }]));
  if (shown.length === 0) return [];
  const values = shown.map((row) => row.value);
  const positive = values.filter((value) => value > 0);
  const high = Math.max(...values, 0);
  const low = Math.min(...values, 0);
  const log = low >= 0 && positive.length > 1 && positive[0] > WIDE_RATIO * positive[positive.length >> 1];
  const least = log ? 10 ** Math.floor(Math.log10(positive[positive.length - 1])) : low;
  const most = log ? 10 ** Math.ceil(Math.log10(high)) : high === low ? low + 1 : high;
  const unit = new Set(rows.map(({ record }) => record.unit)).size === 1 ? rows[0].record.unit : null;
  const ticks = log
    ? decades(least, most, unit)
    : valueTicks(least, most, Math.max(2, Math.floor(columns.barWidth / 60)), unit);
  const table = JSON.stringify(Object.fromEntries(ticks.values.map((value, i) => [value, ticks.labels[i]])));
  return [
    {
      data: {
        values: shown.map(({ record, value, i }) => ({
          top: i * ROW + 3,
          bottom: (i + 1) * ROW - 3,
          from: log ? least : 0,
          value: log ? Math.max(least, value) : value,
          severity: record.severity,
          ...(interactive && {
            series: plainText(`${record.machine} ${record.aggregator}`),
            max: formatValue(value, record.unit),
            start: `${formatIn(Date.parse(record.start), timezone)} ${timezone}`,
            why: plainText(record.reasons.join("; ")),
          }),
        })),
      },
      mark: { type: "rect", tooltip: null, y: { expr: "datum.top" }, y2: { expr: "datum.bottom" }, cornerRadius: 1 },
      encoding: {
        x: {
          field: "value",
          type: "quantitative",
          scale: { type: log ? "log" : "linear", domain: [least, most], nice: false, zero: !log },
          axis: {
            orient: "top",
            title: log ? "logarithmic" : null,
            titleAnchor: "end",
            titleFontSize: 10,
            titleFontWeight: "normal",
            titleColor: theme.faintText,
            values: ticks.values,
            labelExpr: `${table}[datum.value]`,
            labelColor: theme.faintText,
            labelFontSize: TEXT_SIZE,
            labelOverlap: false,
            labelFlush: false,
            gridColor: theme.grid,
            domain: false,
            ticks: false,
            labelPadding: 8,
          },
        },
        x2: { field: "from" },
        color: {
          field: "severity",
          type: "nominal",
          legend: null,
          scale: { domain: [...SEVERITIES], range: SEVERITIES.map((severity: Severity) => theme.severity[severity]) },
        },
        ...(interactive && {
          tooltip: ["series", "max", "severity", "start", "why"].map((field) => ({ field, type: "nominal" })),
        }),
      },
    } as Layer,
  ];
}

function decades(least: number, most: number, unit: string | null): { values: number[]; labels: string[] } {
  const values: number[] = [];
  for (let value = least; value <= most * 1.0001; value *= 10) values.push(Number(value.toPrecision(12)));
  return { values, labels: values.map((value) => formatValue(value, unit).replace(/(\.\d*[1-9])0+/, "$1")) };
}

function notes(rows: number, left: number, theme: Theme): PlacedText[] {
  if (left === 0) return [];
  const text = `and ${left} more with lower values`;
  return [{ x: EDGE, y: HEADER + rows * ROW + 28, text, size: 12, colour: theme.faintText }];
}
