import type { FleetAnomaly } from "../../incidents/fleet.js";
import { formatDuration } from "../../time/duration.js";
import { count } from "../../wording/count.js";
import { formatValue } from "../../wording/format-value.js";
import { shortTime } from "../../wording/moment.js";
import { percent } from "../../wording/percent.js";
import { roughDuration } from "../../wording/rough-duration.js";
import type { Report } from "../report.js";
import type { PageLinks } from "./links.js";
import { html, type Markup } from "./markup.js";
import { membersOf, memberTable } from "./members.js";
import { SPARK, sparkLine } from "./spark-line.js";

/** What began on many machines at once and is over (what is not stands first in the page); left out where there is none. */
export function fleetSection(report: Report, links: PageLinks): Markup {
  const { fleet, fleetRule } = report;
  const over = fleet.filter(({ status }) => status === "closed");
  if (over.length === 0) return html``;
  return html`<section id="fleet">
<h2>Fleet anomalies that are over</h2>
<p class="sub">At least ${fleetRule.machines} machines within ${formatDuration(fleetRule.windowMs)}: one thing, not ${count(
    over.reduce((sum, { members }) => sum + members.length, 0),
    "page",
  )}.</p>
<div class="rows">${over.toReversed().map((one) => fleetRow(one, report, links))}</div></section>`;
}

/** One row for all of its members, which are behind a click. */
export function fleetRow(one: FleetAnomaly, report: Report, links: PageLinks): Markup {
  const { range, timezone } = report;
  const members = membersOf(one, report);
  const time = (iso: string) => shortTime(iso, timezone, range.endMs);
  const lasts = roughDuration((Date.parse(one.end) - Date.parse(one.start)) / 1000);
  const where = one.aggregators.length === 1 ? one.aggregators[0] : count(one.aggregators.length, "aggregator");
  const when =
    one.status === "open" ? `since ${time(one.start)}` : `${time(one.start)} to ${time(one.end)} ${timezone}`;
  return html`<div class="row"><div><span class="b b-${one.severity}">${one.severity.toUpperCase()}</span></div>
<div class="what"><span class="name">${count(one.machines.length, "machine")} at once</span> <span class="agg">${percent(one.machine_share)} of the fleet, ${where}</span><br>
<span class="why">${one.reasons[1]}</span><br>
<span class="when">${when}, ${lasts}; the line is the worst of them</span>
${memberTable(members, report, links)}</div>
<div class="fig">${members.length > 0 ? sparkLine(members[0], SPARK.width, SPARK.height) : null}</div>
<div class="side"><b>${formatValue(one.score, null)}</b> <span class="faint">score</span></div></div>
`;
}
