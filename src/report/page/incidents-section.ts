import type { MachineIncident } from "../../incidents/machine.js";
import { worstFirst } from "../../records/worst-first.js";
import { count } from "../../wording/count.js";
import { formatValue } from "../../wording/format-value.js";
import { shortTime } from "../../wording/moment.js";
import { roughDuration } from "../../wording/rough-duration.js";
import type { Report } from "../report.js";
import type { PageLinks } from "./links.js";
import { html, type Markup } from "./markup.js";
import { membersOf, memberTable } from "./members.js";
import { SPARK, sparkLine } from "./spark-line.js";

/** Rows with a sparkline: a page of more is longer than anyone reads. */
const SHOWN = 60;

/** What began together on one machine and is over; what is open is in the list of what is wrong now. */
export function incidentsSection(report: Report, links: PageLinks): Markup {
  const over = report.incidents.filter(({ status }) => status === "closed").toSorted(worstFirst);
  if (over.length === 0) return html``;
  const left = over.length - SHOWN;
  return html`<section id="incidents">
<h2>Incidents of single machines that are over</h2>
<p class="sub">At least three series of a machine that began together, the worst first.</p>
<div class="rows">${over.slice(0, SHOWN).map((one) => incidentRow(one, report, links))}</div>${
    left > 0 ? html`<p class="sub">and ${count(left, "more", "more")} with lower scores</p>` : null
  }</section>`;
}

/** What began together on one machine, in one row; its episodes are behind a click. */
export function incidentRow(one: MachineIncident, report: Report, links: PageLinks): Markup {
  const { range, timezone } = report;
  const members = membersOf(one, report);
  const time = (iso: string) => shortTime(iso, timezone, range.endMs);
  const when =
    one.status === "open" ? `since ${time(one.start)}` : `${time(one.start)} to ${time(one.end)} ${timezone}`;
  const lasts = roughDuration((Date.parse(one.end) - Date.parse(one.start)) / 1000);
  return html`<div class="row"><div><span class="b b-${one.severity}">${one.severity.toUpperCase()}</span></div>
<div class="what"><span class="name">${one.machine}</span> <span class="agg">${one.words}</span><br>
<span class="why">${members[0]?.reasons.join("; ")}</span><br>
<span class="when">${when}, ${lasts}; the line is the worst of them</span>
${memberTable(members, report, links)}</div>
<div class="fig">${members.length > 0 ? sparkLine(members[0], SPARK.width, SPARK.height) : null}</div>
<div class="side"><b>${formatValue(one.score, null)}</b> <span class="faint">score</span></div></div>
`;
}
