import { count } from "../../wording/count.js";
import { formatValue } from "../../wording/format-value.js";
import { aggregatorWords } from "../../wording/labels.js";
import { percent } from "../../wording/percent.js";
import { roughDuration } from "../../wording/rough-duration.js";
import type { Report } from "../report.js";
import { html, type Markup } from "./markup.js";

const SHOWN = 15;

/** Who pages most, and what would quiet it. */
export function noiseSection({ noise, totals, tellingLabels }: Report): Markup {
  if (noise.length === 0) return html``;
  const shown = noise.slice(0, SHOWN);
  const share = shown.reduce((sum, one) => sum + one.share, 0);
  const weak = noise.reduce((sum, one) => sum + one.weak, 0);
  return html`<section id="noise">
<h2>Who pages most</h2>
<p class="sub">${count(shown.length, "series", "series")} with more than one episode ${shown.length === 1 ? "makes" : "make"} up ${percent(share)} of ${count(totals.episodes, "episode")}.${
    weak === 0
      ? ""
      : ` Weak ones are over within two slots and score below 1.5: a longer --min-duration or a --min-deviation would have kept ${count(weak, "page")} quiet.`
  }</p>
<div class="scroll"><table><tr><th>machine</th><th>aggregator</th><th class="n">episodes</th><th class="n">weak</th><th class="n hide">share</th><th class="n hide">median length</th><th class="n hide">median score</th></tr>
${shown.map(
  (
    one,
  ) => html`<tr><td class="w">${one.machine}</td><td class="w">${aggregatorWords(one, tellingLabels)}</td><td class="n">${one.episodes}</td><td class="n">${one.weak}</td><td class="n hide">${percent(one.share)}</td><td class="n hide">${roughDuration(one.median_duration_s)}</td><td class="n hide">${formatValue(one.median_score, null)}</td></tr>
`,
)}</table></div></section>`;
}
