import type { AnomalyRecord, HydratedRecord } from "../records/record.js";
import { formatValue } from "../wording/format-value.js";
import { formatIn } from "../wording/moment.js";
import { shownUnit } from "../wording/shown-unit.js";
import { plainText, textWidth } from "./text-width.js";

export const OVERVIEW_WIDTH = 1400;
export const EDGE = 24;
export const HEADER = 112;
export const ROW = 16;
export const TEXT_SIZE = 11;
const GAP = 16;
/** A name column is as wide as its longest name, up to this. */
const MAX_MACHINE = 330;
const MAX_AGGREGATOR = 300;

export interface Row {
  readonly record: HydratedRecord;
  readonly value: number | null;
  /** What the bar shows: the value, or the score where units differ. */
  readonly bar: number | null;
  /** The aggregator with the labels that distinguish its series from others. */
  readonly name: string;
}

/** Places of the columns, px from the left of the picture. */
export interface Columns {
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

export function columnsOf(rows: readonly Row[], timezone: string): Columns {
  const widest = (of: (record: AnomalyRecord) => string, least: number, most: number) =>
    Math.min(
      most,
      rows.reduce((width, { record }) => Math.max(width, textWidth(of(record), TEXT_SIZE)), least),
    );
  const rank = EDGE + textWidth(String(rows.length), TEXT_SIZE);
  const machine = rank + 10;
  const machineWidth = widest((record) => plainText(record.machine), 60, MAX_MACHINE);
  const aggregator = machine + machineWidth + GAP;
  const aggregatorWidth = Math.min(
    MAX_AGGREGATOR,
    rows.reduce((width, { name }) => Math.max(width, textWidth(plainText(name), TEXT_SIZE)), 70),
  );
  const kind = aggregator + aggregatorWidth + GAP;
  const start = kind + widest((record) => record.kind.replace("_", " "), 30, 90) + GAP;
  const startWidth = widest((record) => formatIn(Date.parse(record.start), timezone), 30, 140);
  const valueWidth = rows.reduce(
    (width, { record, value }) => Math.max(width, textWidth(formatValue(value, shownUnit(record)), TEXT_SIZE, true)),
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
