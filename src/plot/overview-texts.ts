import type { HydratedRecord } from "../records/record.js";
import { count, thousands } from "../wording/count.js";
import { formatValue } from "../wording/format-value.js";
import { formatIn } from "../wording/moment.js";
import { shownUnit } from "../wording/shown-unit.js";
import { type Columns, EDGE, HEADER, OVERVIEW_WIDTH, ROW, type Row, TEXT_SIZE } from "./overview-layout.js";
import { fitText, plainText, textWidth } from "./text-width.js";
import { SEVERITIES, type Theme } from "./theme.js";
import type { PlacedBox, PlacedText } from "./vega-lite-spec.js";

export function titleOf(records: readonly HydratedRecord[], timezone: string): string {
  if (records.length === 0) return "No anomalies";
  const from = formatIn(Math.min(...records.map((record) => Date.parse(record.start))), timezone);
  const to = formatIn(Math.max(...records.map((record) => Date.parse(record.end))), timezone);
  const machines = new Set(records.map((record) => record.machine)).size;
  const text = `${count(records.length, "anomaly", "anomalies")} on ${count(machines, "machine")}, `;
  return `${text}${from} to ${to} ${timezone}`;
}

/** A patch, the name and the count of each severity that occurs, in one line. */
export function totals(records: readonly HydratedRecord[], theme: Theme): { boxes: PlacedBox[]; texts: PlacedText[] } {
  const boxes: PlacedBox[] = [];
  const texts: PlacedText[] = [];
  let x = EDGE;
  for (const severity of SEVERITIES) {
    const some = records.filter((record) => record.severity === severity).length;
    if (some === 0) continue;
    const text = `${severity} ${thousands(some)}`;
    boxes.push({ x, y: 51, width: 12, height: 12, colour: theme.severity[severity] });
    texts.push({ x: x + 18, y: 62, text, size: 13, colour: theme.text });
    x += 18 + textWidth(text, 13) + 24;
  }
  return { boxes, texts };
}

export function header(
  records: readonly HydratedRecord[],
  columns: Columns,
  theme: Theme,
  timezone: string,
): PlacedText[] {
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

export function rowTexts(
  { record, value, name }: Row,
  i: number,
  columns: Columns,
  theme: Theme,
  timezone: string,
): PlacedText[] {
  const y = HEADER + i * ROW + 12;
  const cell = (x: number, text: string, colour: string): PlacedText => ({ x, y, text, size: TEXT_SIZE, colour });
  return [
    { ...cell(columns.rank, String(i + 1), theme.faintText), align: "right" },
    cell(columns.machine, fitText(plainText(record.machine), columns.machineWidth, TEXT_SIZE), theme.text),
    cell(columns.aggregator, fitText(plainText(name), columns.aggregatorWidth, TEXT_SIZE), theme.text),
    cell(columns.kind, record.kind.replace("_", " "), theme.faintText),
    cell(columns.start, formatIn(Date.parse(record.start), timezone), theme.faintText),
    { ...cell(columns.value, formatValue(value, shownUnit(record)), theme.text), align: "right", weight: "bold" },
  ];
}

/** Every second row on a faint ground leads the eye from the name to the bar. */
export function stripes(count: number, theme: Theme): PlacedBox[] {
  return Array.from({ length: Math.floor(count / 2) }, (_, i) => ({
    x: EDGE - 8,
    y: HEADER + (2 * i + 1) * ROW,
    width: OVERVIEW_WIDTH - 2 * EDGE + 16,
    height: ROW,
    colour: theme.stripe,
  }));
}

export function restNote(rows: number, left: number, byScore: boolean, theme: Theme): PlacedText[] {
  if (left === 0) return [];
  const text = `and ${thousands(left)} more with ${byScore ? "lower scores" : "lower values"}`;
  return [{ x: EDGE, y: HEADER + rows * ROW + 28, text, size: 12, colour: theme.faintText }];
}
