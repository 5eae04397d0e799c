import { longTimeTicks } from "../../plot/backtest-axis.js";
import { SEVERITIES } from "../../plot/theme.js";
import { formatDuration } from "../../time/duration.js";
import { count } from "../../wording/count.js";
import { formatIn } from "../../wording/moment.js";
import type { HeatMap } from "../heat-map.js";
import type { Report } from "../report.js";
import { html, type Markup } from "./markup.js";

/** Height of a row, px; the names beside the cells have the same (in the style). */
const ROW = 16;
/** What the cells leave to the rows above and below. */
const GAP = 1;
/** Days at the ends of the axis whose label would be cut. */
const EDGE_SHARE = 0.03;

/** Machine × time in the colours of the severities. */
export function heatSection(report: Report): Markup {
  const { heat, totals } = report;
  if (heat.rows.length === 0) return html``;
  const quiet = totals.fleet_machines - heat.rows.length - heat.left;
  const left = `${count(heat.left, "machine")} with shorter ones ${heat.left === 1 ? "is" : "are"} left out.`;
  return html`<section id="heat">
<h2>Machines over time</h2>
<p class="sub">A cell is ${formatDuration(heat.columnMs)}; its colour is the worst severity in it. The longest anomalous first.${
    quiet > 0 ? ` ${count(quiet, "machine")} had no episode.` : ""
  }${heat.left > 0 ? ` ${left}` : ""}</p>
<p class="key">${SEVERITIES.map((severity) => html`<span><span class="dot b-${severity}"></span>${severity}</span>`)}</p>
<div class="heat"><div class="machines">${heat.rows.map(({ machine }) => html`<div title="${machine}">${machine}</div>`)}</div>
<div class="cells">${cells(heat, report)}<div class="days">${days(heat, report)}</div></div></div></section>`;
}

/** A column is one unit wide and stretches with the page: a phone needs no scrolling. */
function cells(heat: HeatMap, { timezone }: Report): Markup {
  const height = heat.rows.length * ROW;
  return html`<svg width="100%" height="${height}" viewBox="0 0 ${heat.columns} ${height}" preserveAspectRatio="none" role="img" aria-label="machines over time">
${heat.rows.map(
  (row, i) => html`<rect class="tracks" x="0" y="${i * ROW + GAP}" width="${heat.columns}" height="${ROW - 2 * GAP}"/>
${row.cells.map(({ column, worst, series }) => {
  const from = formatIn(heat.startMs + column * heat.columnMs, timezone);
  return html`<rect class="f-${worst}" x="${column}" y="${i * ROW + GAP}" width=".92" height="${ROW - 2 * GAP}"><title>${row.machine}, ${from}: ${worst}, ${count(series, "series", "series")}</title></rect>`;
})}
`,
)}</svg>`;
}

/** The axis, in shares of the width; a phone shows every second label. */
function days(heat: HeatMap, { range, timezone }: Report): readonly Markup[] {
  const lengthMs = heat.columns * heat.columnMs;
  return longTimeTicks(range, timezone)
    .map(({ timeMs, label }) => ({
      share: (timeMs - heat.startMs) / lengthMs,
      // A midnight is its date: with the hour beside it, it would reach into its neighbours on a phone.
      text: label[0] === "00:00" || label.length === 1 ? label[label.length - 1].replace(/^\d{4}-/, "") : label[0],
    }))
    .filter(({ share }) => share >= EDGE_SHARE && share <= 1 - EDGE_SHARE)
    .map(
      ({ share, text }, i) =>
        html`<span class="${i % 2 === 0 ? "" : "hide"}" style="left:${(100 * share).toFixed(2)}%">${text}</span>`,
    );
}
