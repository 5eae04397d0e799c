import type { FleetAnomaly } from "../../incidents/fleet.js";
import type { Incidents } from "../../incidents/incidents.js";
import type { MachineIncident } from "../../incidents/machine.js";
import type { AnomalyRecord, HydratedRecord, Severity } from "../../records/record.js";
import { worstFirst } from "../../records/worst-first.js";
import { formatValue } from "../../wording/format-value.js";
import { kindWords } from "../../wording/kind.js";
import { aggregatorWords } from "../../wording/labels.js";
import { formatIn, shortTime } from "../../wording/moment.js";
import type { Paint } from "../../wording/paint.js";
import { lengthOf, SPARK_WIDTH } from "./shown-row.js";
import { type SparkCell, sparkText } from "./spark-text.js";

export interface TableLook {
  readonly timezone: string;
  readonly paint: Paint;
  /** Labels without which two series would have one name. */
  readonly telling: readonly string[];
  /** Characters a line may have; 0 where nothing limits it. */
  readonly columns: number;
}

/** Names are cut down to this before the reasons are. */
const LEAST_NAME = 12;
/** In a terminal narrower than this a character of the sparkline stands for two hours. */
const WIDE = 130;
/** Less than this of the reasons says nothing: then they stand on a line of their own. */
const LEAST_WHY = 24;
/** A name of 300 characters would push all columns of a file or a pipe out of sight; json and csv have it whole. */
const MOST_NAME = 60;
const GAP = "  ";
/** An id cut to this is unique among a fleet's records, and `explain` takes it. */
export const SHORT_ID = 8;

interface Cell {
  readonly text: string;
  readonly painted?: string;
  readonly right?: boolean;
}

/** Rows of aligned columns in colour, cut to the terminal's width; what began together above them. */
export function tableLines(
  records: readonly (AnomalyRecord | HydratedRecord)[],
  { fleet, machines }: Incidents,
  look: TableLook,
): string[] {
  const withConfidence = records.some(({ confidence }) => confidence !== undefined);
  const head = [
    "id",
    "severity",
    "machine",
    "aggregator",
    "kind",
    `since (${look.timezone})`,
    "for",
    "score",
    // Only where it is estimated: most tables are without it.
    ...(withConfidence ? ["conf."] : []),
    "24 hours",
  ];
  const sparkWidth = look.columns > 0 && look.columns < WIDE ? SPARK_WIDTH / 2 : SPARK_WIDTH;
  const newestMs = records.reduce((newest, { end }) => Math.max(newest, Date.parse(end)), 0);
  const rows = records.map((record) => cellsOf(record, { ...look, withConfidence }, sparkWidth, newestMs));
  const widths = head.map((name, i) => rows.reduce((width, row) => Math.max(width, length(row[i].text)), name.length));
  const why = fitWidths(widths, look.columns);
  const line = (cells: readonly Cell[], reasons: string) => {
    const parts = cells.map((cell, i) => padded(cell, widths[i]));
    const end = why >= LEAST_WHY ? cut(reasons, why) : "";
    return [...parts, end].join(GAP).trimEnd();
  };
  const title = line(
    head.map((text, i) => ({ text, right: i >= 6 && i < head.length - 1 })),
    "why",
  );
  return [
    ...fleet.map((one) => fleetLine(one, look)),
    ...machines.toSorted(worstFirst).map((one) => incidentLine(one, look)),
    ...(fleet.length + machines.length > 0 ? [""] : []),
    ...(records.length > 0 ? [look.paint.dim(title)] : []),
    ...records.flatMap((record, i) => {
      const reasons = record.reasons.join("; ");
      const first = line(rows[i], reasons);
      if (why >= LEAST_WHY) return [first];
      return [
        first,
        look.paint.dim(`${" ".repeat(SHORT_ID)}${GAP}${cut(reasons, (look.columns || 200) - SHORT_ID - 2)}`),
      ];
    }),
  ];
}

/** Makes names narrower where the line would be too long. @returns what is left for the reasons. */
function fitWidths(widths: number[], columns: number): number {
  if (columns === 0) {
    for (const name of [2, 3]) widths[name] = Math.min(widths[name], MOST_NAME);
    return Number.POSITIVE_INFINITY;
  }
  const used = () => widths.reduce((sum, width) => sum + width + GAP.length, 0);
  for (const least of [3 * LEAST_NAME, 2 * LEAST_NAME, LEAST_NAME]) {
    for (const name of [2, 3]) {
      const missing = used() + LEAST_WHY - columns;
      if (missing > 0) widths[name] = Math.max(Math.min(widths[name], least), widths[name] - missing);
    }
  }
  return columns - used();
}

function cellsOf(
  record: AnomalyRecord | HydratedRecord,
  { timezone, paint, telling, withConfidence }: TableLook & { readonly withConfidence: boolean },
  sparkWidth: number,
  newestMs: number,
): Cell[] {
  const spark = sparkText(record, sparkWidth);
  const since = shortTime(record.start, timezone, newestMs);
  return [
    { text: clean(record.id).slice(0, SHORT_ID), painted: paint.dim(clean(record.id).slice(0, SHORT_ID)) },
    { text: record.severity, painted: inColour(record.severity, paint) },
    { text: clean(record.machine) },
    { text: clean(aggregatorWords(record, telling)) },
    { text: kindWords(record) },
    { text: since },
    {
      text: `${lengthOf(record)}${record.status === "open" ? "…" : ""}`,
      right: true,
    },
    { text: formatValue(record.score, null), right: true },
    ...(withConfidence ? [{ text: record.confidence?.toFixed(2) ?? "-", right: true }] : []),
    {
      text: spark.map(({ text }) => text).join(""),
      painted: paintedSpark(spark, paint),
    },
  ];
}

const COLOURS: Readonly<Record<Severity, (paint: Paint, text: string) => string>> = {
  critical: (paint, text) => paint.bold(paint.red(text)),
  high: (paint, text) => paint.red(text),
  medium: (paint, text) => paint.yellow(text),
  low: (_, text) => text,
};

function inColour(severity: Severity, paint: Paint): string {
  return COLOURS[severity](paint, severity);
}

/** The episode's part in colour, in runs: a code around each character would be seven times the text. */
function paintedSpark(cells: readonly SparkCell[], paint: Paint): string {
  let text = "";
  for (let i = 0; i < cells.length; ) {
    let last = i;
    while (last + 1 < cells.length && cells[last + 1].odd === cells[i].odd) last++;
    const run = cells
      .slice(i, last + 1)
      .map((cell) => cell.text)
      .join("");
    text += cells[i].odd ? paint.red(run) : run;
    i = last + 1;
  }
  return text;
}

function spanWords({ status, start, end }: FleetAnomaly | MachineIncident, timezone: string): string {
  const ended = status === "open" ? "still open" : `to ${formatIn(Date.parse(end), timezone)}`;
  return `since ${formatIn(Date.parse(start), timezone)} ${timezone}, ${ended}`;
}

function incidentLine(one: MachineIncident, { timezone, paint }: TableLook): string {
  const { severity, machine, words } = one;
  return `${COLOURS[severity](paint, severity)}${GAP}${clean(machine)}: ${words}, ${spanWords(one, timezone)}`;
}

function fleetLine(one: FleetAnomaly, { timezone, paint }: TableLook): string {
  const where = `${one.machines.length} machines at once ${spanWords(one, timezone)}`;
  return `${COLOURS[one.severity](paint, "fleet")}${GAP}${where}: ${one.reasons.join("; ")}`;
}

function padded({ text, painted, right }: Cell, width: number): string {
  if (length(text) > width) return middleCut(text, width);
  const blanks = " ".repeat(width - length(text));
  return right ? blanks + (painted ?? text) : (painted ?? text) + blanks;
}

/** Names often differ at either end. */
function middleCut(text: string, width: number): string {
  const characters = [...text];
  const tail = Math.floor((width - 1) / 2);
  return `${characters.slice(0, width - 1 - tail).join("")}…${characters.slice(characters.length - tail).join("")}`;
}

function cut(text: string, width: number): string {
  const characters = [...clean(text)];
  return characters.length <= width ? characters.join("") : `${characters.slice(0, Math.max(0, width - 1)).join("")}…`;
}

function length(text: string): number {
  return [...text].length;
}

/** Names come from a metrics server: no control character of theirs may reach the terminal. */
export function clean(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, "?");
}
