import { count } from "../../wording/count.js";
import { formatValue } from "../../wording/format-value.js";
import { kindWords } from "../../wording/kind.js";
import { aggregatorWords } from "../../wording/labels.js";
import { shortTime } from "../../wording/moment.js";
import { roughDuration } from "../../wording/rough-duration.js";
import type { Report } from "../report.js";
import { heldBackWords } from "./doubts.js";
import { linksOf, type PageLinks } from "./links.js";
import { html, type Markup } from "./markup.js";

/** 300 bytes each: a page of all of them stays under its 5 MB. */
const SHOWN = 4000;

/** Every episode of the period in one table, folded. */
export function allSection({ records, range, timezone, tellingLabels }: Report, links: PageLinks): Markup {
  if (records.length === 0) return html``;
  const left = records.length - SHOWN;
  const withConfidence = records.some(({ confidence }) => confidence !== undefined);
  return html`<section id="all">
<h2>All episodes</h2>
<details><summary>${count(records.length, "episode")}, the worst first</summary>
<div class="scroll"><table><tr><th>severity</th><th>machine</th><th>aggregator</th><th>kind</th><th class="n">start (${timezone})</th><th class="n">length</th><th class="n">score</th>${withConfidence ? html`<th class="n">confidence</th>` : null}<th></th></tr>
${records.slice(0, SHOWN).map(
  (
    record,
  ) => html`<tr><td><span class="dot b-${record.severity}"></span>${record.severity}${heldBackWords(record)}</td><td class="w">${record.machine}</td><td class="w">${aggregatorWords(record, tellingLabels)}</td><td><span class="k k-${record.kind}"></span>${kindWords(record)}</td><td class="n">${shortTime(record.start, timezone, range.endMs)}</td><td class="n">${roughDuration((Date.parse(record.end) - Date.parse(record.start)) / 1000)}</td><td class="n">${formatValue(record.score, null)}</td>${withConfidence ? html`<td class="n">${record.confidence?.toFixed(2) ?? ""}</td>` : null}<td>${linksOf(record, links)}</td></tr>
`,
)}</table></div>${left > 0 ? html`<p class="sub">and ${count(left, "more", "more")} with lower scores, in the records' file</p>` : null}</details></section>`;
}
