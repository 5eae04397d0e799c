import { count, thousands } from "../../wording/count.js";
import { formatIn } from "../../wording/moment.js";
import { percent } from "../../wording/percent.js";
import { hoursOf } from "../../wording/rough-duration.js";
import type { Report } from "../report.js";
import { allSection } from "./all-section.js";
import { eventsSection } from "./events-section.js";
import { fleetSection } from "./fleet-section.js";
import { groupRecordsSection } from "./group-records-section.js";
import { groupsSection } from "./groups-section.js";
import { heatSection } from "./heat-section.js";
import { incidentsSection } from "./incidents-section.js";
import type { PageLinks } from "./links.js";
import { html, type Markup } from "./markup.js";
import { noiseSection } from "./noise-section.js";
import { notScoredSection } from "./not-scored-section.js";
import { nowSection } from "./now-section.js";
import { shapesSection } from "./shapes-section.js";
import { STYLE } from "./style.js";
import { trendSection } from "./trend-section.js";

export interface PageOptions {
  readonly links: PageLinks;
  /** When the report was made, and by what; written at its end. */
  readonly madeAtMs: number;
  readonly madeBy: string;
  /** Of a page that a server sends: what is in its head and above the sections. The server then sends the policy. */
  readonly served?: { readonly head: Markup; readonly above: Markup };
}

/** The page may load nothing and run nothing: it is text, lines and a style. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** A report as one page that needs nothing else: no script, no request, the system's choice of light or dark. */
export function reportPage(report: Report, { links, madeAtMs, madeBy, served }: PageOptions): string {
  const { range, timezone } = report;
  const period = periodOf(report);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${served?.head ?? html`<meta http-equiv="Content-Security-Policy" content="${{ markup: POLICY }}">`}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Anomalies, ${period}</title>
<style>${{ markup: STYLE }}</style>
</head>
<body><main>
<header><h1>Anomalies</h1><div class="faint">${period}</div>${tiles(report)}</header>
${served?.above}${nowSection(report, links)}
${fleetSection(report, links)}
${incidentsSection(report, links)}
${groupRecordsSection(report, links)}
${heatSection(report)}
${trendSection(report)}${eventsSection(report)}
${groupsSection(report)}
${shapesSection(report)}
${noiseSection(report)}
${notScoredSection(report)}
${allSection(report, links)}
<footer>A score of 1 is the alerting threshold. Hours and days are those of ${timezone}; the period ends ${formatIn(range.endMs, timezone)}. Made ${formatIn(Math.floor(madeAtMs / 60_000) * 60_000, timezone)} by ${madeBy}.</footer>
</main></body>
</html>
`.markup;
}

/** `2025-06-28 00:00 to 2025-07-05 00:00 UTC` */
export function periodOf({ range, timezone }: Report): string {
  const minute = (timeMs: number) => formatIn(Math.floor(timeMs / 60_000) * 60_000, timezone);
  return `${minute(range.startMs)} to ${minute(range.endMs)} ${timezone}`;
}

/** The five figures at the top. */
export function tileFigures({ totals, fleet }: Report): { readonly value: string; readonly label: string }[] {
  const share = totals.fleet_machines === 0 ? "" : ` (${percent(totals.machines / totals.fleet_machines)})`;
  const fleets = fleet.filter(({ status }) => status === "open").length;
  const worst = totals.by_severity.critical + totals.by_severity.high;
  return [
    {
      value: thousands(totals.open),
      label: fleets === 0 ? "open now" : `open now, ${count(fleets, "fleet anomaly", "fleet anomalies")}`,
    },
    { value: thousands(totals.episodes), label: `episodes, ${worst} high or critical` },
    { value: thousands(totals.machines), label: `of ${thousands(totals.fleet_machines)} machines${share}` },
    { value: hoursOf(totals.series_hours), label: "anomalous, all series" },
    // What was not looked at must be seen at once: it is neither well nor wrong.
    { value: totals.not_scored === null ? "–" : thousands(totals.not_scored), label: "series not scored" },
  ];
}

function tiles(report: Report): Markup {
  return html`<div class="tiles">${tileFigures(report).map(({ value, label }) => html`<div><b>${value}</b><span>${label}</span></div>`)}</div>`;
}
