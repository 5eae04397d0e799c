import type { FleetAnomaly } from "../incidents/fleet.js";
import type { MachineIncident } from "../incidents/machine.js";
import { fitText, plainText, textWidth, wrapText } from "../plot/text-width.js";
import { FONT, THEMES, type Theme, type ThemeName } from "../plot/theme.js";
import type { AnomalyRecord, HydratedRecord } from "../records/record.js";
import { worstFirst } from "../records/worst-first.js";
import { count } from "../wording/count.js";
import { formatValue } from "../wording/format-value.js";
import { kindWords } from "../wording/kind.js";
import { aggregatorWords } from "../wording/labels.js";
import { shortTime } from "../wording/moment.js";
import { percent } from "../wording/percent.js";
import { roughDuration } from "../wording/rough-duration.js";
import { html, type Markup } from "./page/markup.js";
import { periodOf, tileFigures } from "./page/page.js";
import { sparkPaths } from "./page/spark-line.js";
import type { Report } from "./report.js";

/** What chat programs say of a link or an upload: 1200 × 630. */
const WIDTH = 1200;
const HEIGHT = 630;
const EDGE = 36;
const TILES = { y: 104, height: 74 } as const;
const ROWS = { y: 226, height: 62, shown: 6 } as const;
const SPARK = { width: 250, height: 42 } as const;
const SCORE_WIDTH = 84;
const BADGE_WIDTH = 84;

/** The head of the report as one SVG: the figures and what is worst, for those who will not open the page. */
export function headSvg(report: Report, themeName: ThemeName = "light"): string {
  const theme = THEMES[themeName];
  const over = report.records.filter(({ status }) => status === "closed");
  const fleets = report.fleet.filter(({ status }) => status === "open");
  const incidents = report.incidents.filter(({ status }) => status === "open");
  const byId = new Map(report.records.map((record) => [record.id, record]));
  const item = (record: AnomalyRecord | HydratedRecord) => itemOf(record, report);
  const rows = [
    ...fleets.map((one) => fleetItem(one, byId)),
    ...incidents.map((one) => incidentItem(one, byId)),
    ...report.openAlone.map(item),
  ]
    .sort((a, b) => Number(b.isFleet) - Number(a.isFleet) || worstFirst(a.record, b.record))
    .slice(0, ROWS.shown);
  // The second title takes the place of a row.
  const more = over.slice(0, Math.max(0, ROWS.shown - rows.length - (rows.length > 0 ? 1 : 0)));
  const shown = rows.reduce((sum, { stands }) => sum + stands, 0) + more.length;
  const left = report.records.length - shown;
  const afterOpen = ROWS.y + (rows.length + (rows.length > 0 ? 1 : 0)) * ROWS.height;
  const title =
    rows.length > 0
      ? "Wrong now, the worst first"
      : more.length > 0
        ? "Nothing is wrong now; the worst of the period"
        : "No episode in this period";
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="${FONT}">
<rect width="${WIDTH}" height="${HEIGHT}" fill="${theme.background}"/>
${text(EDGE, 56, "Anomalies", 26, theme.text, { bold: true })}
${text(EDGE, 82, periodOf(report), 14, theme.faintText)}
${tiles(report, theme)}
${text(EDGE, ROWS.y - 14, title, 14, theme.text, { bold: true })}
${rows.map((record, i) => row(record, ROWS.y + i * ROWS.height, report, theme))}
${rows.length > 0 && more.length > 0 ? text(EDGE, afterOpen - 14, "Over, the worst of the period", 14, theme.text, { bold: true }) : null}
${more.map((record, i) => row(item(record), afterOpen + i * ROWS.height, report, theme))}
${left > 0 ? text(EDGE, HEIGHT - 16, `and ${count(left, "more", "more")}`, 12, theme.faintText) : null}
</svg>`.markup;
}

function tiles(report: Report, theme: Theme): Markup {
  const figures = tileFigures(report);
  const width = (WIDTH - 2 * EDGE) / figures.length;
  return html`${figures.map(({ value, label }, i) => {
    const x = EDGE + i * width;
    return html`<rect x="${x}" y="${TILES.y}" width="${width}" height="${TILES.height}" fill="none" stroke="${theme.grid}"/>
${text(x + 14, TILES.y + 34, value, 26, theme.text, { bold: true })}
${text(x + 14, TILES.y + 58, fitText(label, width - 22, 11), 11, theme.faintText)}`;
  })}`;
}

/** What a row is drawn from. */
interface Item {
  readonly record: AnomalyRecord | HydratedRecord;
  /** What concerns the fleet comes first. */
  readonly isFleet: boolean;
  /** How many episodes it stands for. */
  readonly stands: number;
  readonly name: string;
  readonly more: string;
  readonly kind: string;
  readonly reasons: string;
}

function itemOf(record: AnomalyRecord | HydratedRecord, { tellingLabels }: Report): Item {
  return {
    record,
    isFleet: false,
    stands: 1,
    name: record.machine,
    more: aggregatorWords(record, tellingLabels),
    kind: kindWords(record),
    reasons: record.reasons.join("; "),
  };
}

/** A fleet anomaly with the line of its worst member. */
function fleetItem(one: FleetAnomaly, byId: ReadonlyMap<string, AnomalyRecord | HydratedRecord>): Item {
  const [worst] = one.members.flatMap((id) => byId.get(id) ?? []).sort(worstFirst);
  return {
    record: { ...worst, severity: one.severity, score: one.score, start: one.start, end: one.end },
    isFleet: true,
    stands: one.members.length,
    name: `${count(one.machines.length, "machine")} at once`,
    more: `${percent(one.machine_share)} of the fleet`,
    kind: count(one.members.length, "episode"),
    reasons: one.reasons[1],
  };
}

/** A machine's incident with the line of its worst member. */
function incidentItem(one: MachineIncident, byId: ReadonlyMap<string, AnomalyRecord | HydratedRecord>): Item {
  const [worst] = one.members.flatMap((id) => byId.get(id) ?? []).sort(worstFirst);
  return {
    record: { ...worst, severity: one.severity, score: one.score, start: one.start, end: one.end },
    isFleet: false,
    stands: one.members.length,
    name: one.machine,
    more: one.words,
    kind: count(one.members.length, "episode"),
    reasons: worst.reasons.join("; "),
  };
}

function row(
  { record, name, more, kind, reasons }: Item,
  y: number,
  { timezone, range }: Report,
  theme: Theme,
): Markup {
  const spark = { x: WIDTH - EDGE - SCORE_WIDTH - SPARK.width, y: y + 10 };
  const names = EDGE + BADGE_WIDTH + 16;
  const room = spark.x - names - 20;
  const machine = fitText(plainText(name), room * 0.62, 15, true);
  const aggregator = fitText(plainText(more), room - textWidth(machine, 15, true) - 10, 13);
  const since = `${kind} since ${shortTime(record.start, timezone, range.endMs)}, ${roughDuration((Date.parse(record.end) - Date.parse(record.start)) / 1000)}`;
  const [why] = wrapText(`${since}: ${plainText(reasons)}`, room, 12, 1);
  const badge = record.severity.toUpperCase();
  const badgeAt = EDGE + BADGE_WIDTH / 2;
  const paths = sparkPaths(record, SPARK.width, SPARK.height);
  return html`<line x1="${EDGE}" x2="${WIDTH - EDGE}" y1="${y}" y2="${y}" stroke="${theme.grid}"/>
<rect x="${EDGE}" y="${y + 19}" width="${BADGE_WIDTH}" height="24" rx="3" fill="${theme.severity[record.severity]}"/>
${text(badgeAt, y + 35, badge, 12, theme.onSeverity[record.severity], { bold: true, anchor: "middle" })}
${text(names, y + 26, machine, 15, theme.text, { bold: true })}
${text(names + textWidth(machine, 15, true) + 10, y + 26, aggregator, 13, theme.text)}
${text(names, y + 47, why, 12, theme.episodeText)}
${
  paths === undefined
    ? null
    : html`<g transform="translate(${spark.x},${spark.y})">${
        paths.episode === undefined
          ? null
          : html`<rect x="${paths.episode[0]}" width="${paths.episode[1] - paths.episode[0]}" height="${SPARK.height}" fill="${theme.episode}" opacity="${theme.episodeOpacity + 0.08}"/>`
      }<path d="${paths.band}" fill="${theme.band}" opacity="${theme.bandOpacity}"/><path d="${paths.line}" fill="none" stroke="${theme.observed}" stroke-width="1.3" stroke-linejoin="round"/></g>`
}
${text(WIDTH - EDGE, y + 32, formatValue(record.score, null), 20, theme.text, { bold: true, anchor: "end" })}
${text(WIDTH - EDGE, y + 48, "score", 11, theme.faintText, { anchor: "end" })}`;
}

function text(
  x: number,
  y: number,
  words: string,
  size: number,
  colour: string,
  { bold = false, anchor = "start" }: { readonly bold?: boolean; readonly anchor?: "start" | "middle" | "end" } = {},
): Markup {
  const weight = bold ? "bold" : "normal";
  return html`<text transform="translate(${x},${y})" font-size="${size}px" font-weight="${weight}" text-anchor="${anchor}" fill="${colour}">${words}</text>`;
}
