import { isGroupRecord } from "../../records/group-members.js";
import type { AnomalyRecord } from "../../records/record.js";
import { membersTable } from "../../report/page/group-records-section.js";
import { html, type Markup } from "../../report/page/markup.js";
import { STYLE } from "../../report/page/style.js";
import { furtherLabels } from "../../series/telling-labels.js";
import { count } from "../../wording/count.js";
import { formatValue } from "../../wording/format-value.js";
import { kindWords } from "../../wording/kind.js";
import { aggregatorWords } from "../../wording/labels.js";
import { formatIn } from "../../wording/moment.js";
import { roughDuration } from "../../wording/rough-duration.js";
import { shownUnit } from "../../wording/shown-unit.js";
import { LIVE_HEAD, linksFor } from "./front-page.js";
import type { PageOrder } from "./page-order.js";

/** Earlier episodes that are listed. */
const MOST_EARLIER = 20;
/** Labels that teams keep the address of a runbook in. */
const RUNBOOK_LABELS = ["runbook_url", "runbook"];

/** The verdicts that a person can give, in the words of the buttons. */
export const VERDICTS = { true: "It was real", false: "False alarm", expected: "Expected" } as const;

/** One episode: what, since when, how bad against what is normal, and its chart. */
export function episodePage({
  served,
  record,
  earlier,
  nowMs,
  mayWrite,
  verdict,
}: Extract<PageOrder, { kind: "episode" }>): string {
  const timezone = served.job.timezone ?? "UTC";
  const time = (iso: string) => `${formatIn(Date.parse(iso), timezone)} ${timezone}`;
  const unit = shownUnit(record);
  const value = (of: number | null) => formatValue(of, unit);
  const isGroup = isGroupRecord(record);
  // The picture of a group is that of its members; only a single series has points to zoom into.
  const points = isGroup
    ? html``
    : html` class="chart" data-points="/api/v1/episodes/${encodeURIComponent(record.id)}/points" data-start="${record.start}" data-end="${record.end}" data-timezone="${timezone}"`;
  const links = linksFor([served]);
  const grafana = links.grafanaOf(record);
  const runbook = runbookOf(record);
  const address = `/episodes/${encodeURIComponent(record.id)}`;
  const places = [
    ["Runbook", runbook],
    ["Explore in Grafana", grafana],
    ["Picture", `${address}.png`],
    ["JSON", `/api/v1${address}`],
  ].flatMap(([words, to]) => (to === undefined ? [] : [[words, to] as const]));
  const further = Object.entries(furtherLabels(record));
  const facts: readonly (readonly [string, string | Markup])[] = [
    ["Since", time(record.start)],
    [record.status === "open" ? "So far" : "Until", `${time(record.end)}, ${roughDuration(record.duration_s)}`],
    ["Alert", time(record.alerted_at)],
    ["Score", `${formatValue(record.score, null)}; 1 is the threshold`],
    ...(record.confidence === undefined
      ? []
      : [["Confidence", `${record.confidence}; the chance that people call it real`] as const]),
    ...(isGroup
      ? []
      : ([
          ["Observed", `${value(record.observed)} at ${time(record.timestamp)}`],
          ["Expected", `${value(record.expected)}, band ${value(record.lower)} to ${value(record.upper)}`],
        ] as const)),
    ["Detector", `${record.detector}, threshold ${record.threshold ?? "unknown"}`],
    ["Job", record.job ?? "none"],
    ["Series", html`<code>${record.series}</code>`],
    ...further.map(([name, of]) => [name, of] as const),
  ];
  const title = `${record.machine} ${record.aggregator}: ${kindWords(record)}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${LIVE_HEAD}
<style>${{ markup: STYLE }}</style>
</head>
<body><main>
<p><a href="/">All anomalies</a></p>
<header><h1><span class="name">${record.machine}</span> <span class="agg">${aggregatorWords(record, [])}</span></h1>
<p><span class="b b-${record.severity}">${record.severity.toUpperCase()}</span> <span class="k k-${record.kind}"></span>${kindWords(record)}, ${record.status === "open" ? "still open" : "over"}</p></header>
<ul class="why">${record.reasons.map((reason) => html`<li>${reason}</li>`)}</ul>
<figure${points}>
<img src="${address}.svg" alt="The value of ${title} with its expected band, 12 hours before and after" width="1100">
</figure>
<p class="links">${places.map(([words, to], i) => html`${i === 0 ? null : " · "}<a href="${to}" rel="noreferrer">${words}</a>`)}</p>
${mayWrite ? verdictForm(record.id, verdict) : null}
${isGroup ? html`<section><h2>Who drives it</h2>${membersTable(record)}</section>` : null}
<section><h2>Facts</h2><table class="facts"><tbody>${facts.map(
    ([name, of]) => html`<tr><th scope="row">${name}</th><td class="w">${of}</td></tr>`,
  )}</tbody></table></section>
${earlierSection(earlier, nowMs, time)}
</main></body>
</html>
`.markup;
}

/** Only an address: a label could hold anything, and a link could run it. */
function runbookOf({ labels }: AnomalyRecord): string | undefined {
  const text = RUNBOOK_LABELS.map((label) => labels[label]).find((one) => one !== undefined);
  return text !== undefined && /^https?:\/\//.test(text) && URL.canParse(text) ? text : undefined;
}

function verdictForm(id: string, given: string | null): Markup {
  return html`<form class="verdicts" method="post" action="/episodes/${encodeURIComponent(id)}/verdict">
<fieldset><legend>Was it right?</legend>${Object.entries(VERDICTS).map(
    ([verdict, words]) =>
      html`<button name="verdict" value="${verdict}"${{ markup: given === verdict ? ' aria-pressed="true"' : "" }}>${words}</button> `,
  )}</fieldset></form>`;
}

function earlierSection(earlier: readonly AnomalyRecord[], nowMs: number, time: (iso: string) => string): Markup {
  if (earlier.length === 0)
    return html`<section><h2>Before</h2><p class="sub">No other episode of this series is kept.</p></section>`;
  const week = earlier.filter(({ start }) => nowMs - Date.parse(start) <= 7 * 86_400_000).length;
  return html`<section><h2>Before</h2>
<p class="sub">${count(earlier.length, "other episode")} of this series, ${week} of them in the last 7 days.</p>
<div class="scroll"><table><thead><tr><th>Since</th><th>Lasted</th><th>Kind</th><th class="n">Score</th></tr></thead><tbody>${earlier
    .slice(0, MOST_EARLIER)
    .map(
      (one) =>
        html`<tr><td><a href="/episodes/${encodeURIComponent(one.id)}">${time(one.start)}</a></td><td>${roughDuration(one.duration_s)}</td><td>${kindWords(one)}</td><td class="n">${formatValue(one.score, null)}</td></tr>`,
    )}</tbody></table></div></section>`;
}
