import type { MachineIncident } from "../../incidents/machine.js";
import { formatValue } from "../../wording/format-value.js";
import { shortTime } from "../../wording/moment.js";
import { roughDuration } from "../../wording/rough-duration.js";
import type { Report } from "../report.js";
import type { PageLinks } from "./links.js";
import { html, type Markup } from "./markup.js";
import { membersOf, memberTable } from "./members.js";
import { SPARK, sparkLine } from "./spark-line.js";

/** What began together on one machine, in one row; its episodes are behind a click. */
export function incidentRow(one: MachineIncident, report: Report, links: PageLinks): Markup {
  const { range, timezone } = report;
  const members = membersOf(one, report);
  const since = shortTime(one.start, timezone, range.endMs);
  const lasts = roughDuration((Date.parse(one.end) - Date.parse(one.start)) / 1000);
  return html`<div class="row"><div><span class="b b-${one.severity}">${one.severity.toUpperCase()}</span></div>
<div class="what"><span class="name">${one.machine}</span> <span class="agg">${one.words}</span><br>
<span class="why">${members[0]?.reasons.join("; ")}</span><br>
<span class="when">since ${since}, ${lasts}; the line is the worst of them</span>
${memberTable(members, report, links)}</div>
<div class="fig">${members.length > 0 ? sparkLine(members[0], SPARK.width, SPARK.height) : null}</div>
<div class="side"><b>${formatValue(one.score, null)}</b> <span class="faint">score</span></div></div>
`;
}
