import type { HydratedRecord } from "../records/record.js";
import { formatValue, valueTicks } from "../wording/format-value.js";
import { formatIn } from "../wording/moment.js";
import { shownUnit } from "../wording/shown-unit.js";
import { type Columns, ROW, type Row, TEXT_SIZE } from "./overview-layout.js";
import { plainText } from "./text-width.js";
import { SEVERITIES, type Theme } from "./theme.js";
import type { Layer } from "./vega-lite-spec.js";

/** Bars of values that lie more than this far apart need a logarithmic axis to be visible at all. */
const WIDE_RATIO = 200;

export interface BarLook {
  readonly theme: Theme;
  readonly timezone: string;
  /** Bars show scores, not values. */
  readonly byScore: boolean;
  readonly interactive?: boolean;
  readonly pictureOf?: (record: HydratedRecord) => string;
}

/** A bar for each row that has one, in the colour of its severity, and the axis above them. */
export function barLayers(
  rows: readonly Row[],
  columns: Columns,
  { theme, timezone, byScore, interactive = false, pictureOf }: BarLook,
): Layer[] {
  const shown = rows.flatMap((row, i) => (row.bar === null ? [] : [{ ...row, bar: row.bar, i }]));
  if (shown.length === 0) return [];
  const values = shown.map((row) => row.bar).sort((a, b) => b - a);
  const positive = values.filter((value) => value > 0);
  const high = Math.max(...values, 0);
  const low = Math.min(...values, 0);
  const log = low >= 0 && positive.length > 1 && positive[0] > WIDE_RATIO * positive[positive.length >> 1];
  const least = log ? 10 ** Math.floor(Math.log10(positive[positive.length - 1])) : low;
  const most = log ? 10 ** Math.ceil(Math.log10(high)) : high === low ? low + 1 : high;
  const unit = byScore ? null : shownUnit(rows[0].record);
  const ticks = log
    ? decades(least, most, unit)
    : valueTicks(least, most, Math.max(2, Math.floor(columns.barWidth / 60)), unit);
  const table = JSON.stringify(Object.fromEntries(ticks.values.map((value, i) => [value, ticks.labels[i]])));
  return [
    {
      data: {
        values: shown.map(({ record, value, bar, name, i }) => ({
          top: i * ROW + 3,
          bottom: (i + 1) * ROW - 3,
          from: log ? least : 0,
          value: log ? Math.max(least, bar) : bar,
          severity: record.severity,
          ...(pictureOf && { picture: pictureOf(record) }),
          ...(interactive && {
            series: plainText(`${record.machine} ${name}`),
            max: formatValue(value, shownUnit(record)),
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
            title: axisTitle(byScore, log),
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
          scale: { domain: [...SEVERITIES], range: SEVERITIES.map((severity) => theme.severity[severity]) },
        },
        ...(pictureOf && { href: { field: "picture", type: "nominal" } }),
        ...(interactive && {
          tooltip: ["series", "max", "severity", "start", "why"].map((field) => ({ field, type: "nominal" })),
        }),
      },
    } as Layer,
  ];
}

function axisTitle(byScore: boolean, log: boolean): string | null {
  const words = [...(byScore ? ["score"] : []), ...(log ? ["logarithmic"] : [])];
  return words.length === 0 ? null : words.join(", ");
}

function decades(least: number, most: number, unit: string | null): { values: number[]; labels: string[] } {
  const values: number[] = [];
  for (let value = least; value <= most * 1.0001; value *= 10) values.push(Number(value.toPrecision(12)));
  return { values, labels: values.map((value) => formatValue(value, unit).replace(/(\.\d*[1-9])0+/, "$1")) };
}
