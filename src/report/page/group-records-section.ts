import { isGroupRecord } from "../../records/group-members.js";
import { memberNames } from "../../records/member-names.js";
import type { AnomalyRecord } from "../../records/record.js";
import { worstFirst } from "../../records/worst-first.js";
import { count } from "../../wording/count.js";
import { formatValue } from "../../wording/format-value.js";
import { labelWords } from "../../wording/labels.js";
import { shortTime } from "../../wording/moment.js";
import { percent } from "../../wording/percent.js";
import type { Report } from "../report.js";
import { linksOf, type PageLinks } from "./links.js";
import { html, type Markup } from "./markup.js";

/** Groups with their members; a page of more is longer than anyone reads. */
const SHOWN = 20;

/** Groups of series that were anomalous as a whole, and who drove them; left out where no job has groups. */
export function groupRecordsSection(report: Report, links: PageLinks): Markup {
  const groups = report.records.filter(isGroupRecord).toSorted(worstFirst);
  if (groups.length === 0) return html``;
  const left = groups.length - SHOWN;
  return html`<section id="together">
<h2>Groups of series</h2>
<p class="sub">Series that are looked at together, and those that drive the group, the worst group first.</p>
${groups.slice(0, SHOWN).map((record) => groupTable(record, report, links))}${
  left > 0 ? html`<p class="sub">and ${count(left, "more", "more")} with lower scores</p>` : null
}</section>`;
}

function groupTable(record: AnomalyRecord, { range, timezone }: Report, links: PageLinks): Markup {
  const time = (iso: string) => shortTime(iso, timezone, range.endMs);
  const when =
    record.status === "open" ? `since ${time(record.start)}` : `${time(record.start)} to ${time(record.end)}`;
  return html`<p><span class="b b-${record.severity}">${record.severity.toUpperCase()}</span> <span class="name">${labelWords(record.labels)}</span> <span class="agg">${count(record.member_count ?? 0, "series")}, score ${formatValue(record.score, null)}, ${when}</span> ${linksOf(record, links)}<br>
<span class="why">${record.reasons.join("; ")}</span></p>
${membersTable(record)}`;
}

/** The members that drive a group, the largest share first. */
export function membersTable(record: Pick<AnomalyRecord, "members" | "labels">): Markup {
  const members = record.members ?? [];
  const names = memberNames(members, record.labels);
  const rows = members.map(
    ({ share, score, off }, i) =>
      html`<tr><td class="w">${names[i]}</td><td class="n">${percent(share)}</td><td class="n">${formatValue(score, null)}</td><td class="n hide">${off > 0 ? formatValue(off, null) : "–"}</td></tr>
`,
  );
  return html`<div class="scroll"><table><tr><th>series</th><th class="n">share</th><th class="n">own score</th><th class="n hide">off the others</th></tr>${rows}</table></div>`;
}
