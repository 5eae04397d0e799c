import { count, thousands } from "../../wording/count.js";
import type { Report } from "../report.js";
import { html, type Markup } from "./markup.js";

const NAMES = 200;

/** What nobody has looked at: it must not be taken for normal. */
export function notScoredSection({ notScored, totals }: Report): Markup {
  const words =
    notScored === null
      ? "This report has no statuses of series (--states names the file that infer writes): a series that is not listed above may be normal, or may not have been scored."
      : notScored.length === 0
        ? `All ${thousands(totals.series ?? 0)} series were scored in the last run.`
        : `${thousands(totals.not_scored ?? 0)} of ${thousands(totals.series ?? 0)} series were not scored in the last run. They are not normal, they are unknown.`;
  return html`<section id="not-scored">
<h2>Not scored</h2>
<p class="sub">${words}</p>
${
  notScored === null || notScored.length === 0
    ? null
    : html`<div class="scroll"><table><tr><th>state</th><th class="n">series</th><th>why</th></tr>
${notScored.map(
  ({ state, reason, series }) => html`<tr><td>${state}</td><td class="n">${series.length}</td><td class="w">${reason}${
    series.length > 1 ? html` <span class="faint">(and alike)</span>` : null
  }<details><summary>${count(series.length, "series", "series")}</summary><ul class="names">${series
    .slice(0, NAMES)
    .map(
      ({ machine, aggregator, series: name }) => html`<li>${machine === "" ? name : `${machine} ${aggregator}`}</li>`,
    )}</ul>${
    series.length > NAMES ? html`<p class="sub">and ${series.length - NAMES} more</p>` : null
  }</details></td></tr>
`,
)}</table></div>`
}
</section>`;
}
