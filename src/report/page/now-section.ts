import type { AnomalyRecord, HydratedRecord } from "../../records/record.js";
import { worstFirst } from "../../records/worst-first.js";
import { count } from "../../wording/count.js";
import { formatValue } from "../../wording/format-value.js";
import { kindWords } from "../../wording/kind.js";
import { aggregatorWords } from "../../wording/labels.js";
import { shortTime } from "../../wording/moment.js";
import { roughDuration } from "../../wording/rough-duration.js";
import type { Report } from "../report.js";
import { confidenceWords, heldBackWords } from "./doubts.js";
import { fleetRow } from "./fleet-section.js";
import { incidentRow } from "./incidents-section.js";
import { linksOf, type PageLinks } from "./links.js";
import { html, type Markup } from "./markup.js";
import { SPARK, sparkLine } from "./spark-line.js";

/** Rows with a sparkline; a page of more is longer than anyone reads. */
const SHOWN = 60;
/** And this many more behind a click. */
const FOLDED = 240;
/** Where nothing is open, this many of the worst of the period are shown. */
const WORST_OF_QUIET = 5;

/** What is wrong at the end of the period, the worst first; where nothing is, what was worst. */
export function nowSection(report: Report, links: PageLinks): Markup {
  const { open, openAlone, records, range, timezone } = report;
  const quiet = open.length === 0;
  const shown = quiet ? records.slice(0, WORST_OF_QUIET) : openAlone;
  const fleets = report.fleet.filter(({ status }) => status === "open").sort(worstFirst);
  const incidents = report.incidents.filter(({ status }) => status === "open");
  // The worst first, whether one episode or several that began together.
  const rows = [
    ...incidents.map((one) => ({ one, drawn: () => incidentRow(one, report, links) })),
    ...shown.map((one) => ({ one, drawn: () => row(one, report, links) })),
  ].sort((a, b) => worstFirst(a.one, b.one));
  const at = shortTime(new Date(range.endMs).toISOString(), timezone, range.endMs);
  const more = rows.length - SHOWN - FOLDED;
  return html`<section id="now">
<h2>Wrong now</h2>
<p class="sub">${
    quiet
      ? `Nothing is open at ${at} ${timezone}.${records.length === 0 ? "" : " The worst of the period:"}`
      : `${count(open.length, "episode")} still open at ${at} ${timezone}, the worst first. The line is the 24 hours around it, the shade the expected band.`
  }</p>
${
  rows.length + fleets.length === 0
    ? null
    : html`<div class="rows">${fleets.map((one) => fleetRow(one, report, links))}${rows.slice(0, SHOWN).map(({ drawn }) => drawn())}</div>`
}
${
  rows.length > SHOWN
    ? html`<details><summary>${count(Math.min(FOLDED, rows.length - SHOWN), "more open episode")}</summary><div class="rows">${rows
        .slice(SHOWN, SHOWN + FOLDED)
        .map(({ drawn }) => drawn())}</div></details>`
    : null
}
${more > 0 ? html`<p class="sub">${count(more, "further open episode")} with lower scores: in the table of all episodes.</p>` : null}
</section>`;
}

function row(
  record: AnomalyRecord | HydratedRecord,
  { range, timezone, tellingLabels }: Report,
  links: PageLinks,
): Markup {
  const lasts = roughDuration((Date.parse(record.end) - Date.parse(record.start)) / 1000);
  const since = shortTime(record.start, timezone, range.endMs);
  const ended = record.status === "open" ? "" : ", over";
  const places = linksOf(record, links);
  return html`<div class="row"><div><span class="b b-${record.severity}">${record.severity.toUpperCase()}</span></div>
<div class="what"><span class="name">${record.machine}</span> <span class="agg">${aggregatorWords(record, tellingLabels)}</span><br>
<span class="why">${record.reasons.join("; ")}</span><br>
<span class="when"><span class="k k-${record.kind}"></span>${kindWords(record)} since ${since}, ${lasts}${ended}${heldBackWords(record)}</span></div>
<div class="fig">${sparkLine(record, SPARK.width, SPARK.height)}</div>
<div class="side"><b>${formatValue(record.score, null)}</b> <span class="faint">score</span>${confidenceWords(record)}${
    places === null ? null : html`<br>${places}`
  }</div></div>
`;
}
