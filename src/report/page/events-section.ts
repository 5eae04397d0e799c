import { thousands } from "../../wording/count.js";
import { formatIn } from "../../wording/moment.js";
import type { Report } from "../report.js";
import { html, type Markup } from "./markup.js";

/** Rows of the table: a calendar may have an entry a day. */
const MOST = 200;

/** Deployments, maintenances and holidays of the period, with how many episodes each is named in; nothing where there are none. */
export function eventsSection({ events, records, timezone }: Report): Markup | null {
  if (events.length === 0) return null;
  const named = new Map<string, number>();
  for (const record of records) for (const { id } of record.events ?? []) named.set(id, (named.get(id) ?? 0) + 1);
  const suppressed = records.filter(({ suppressed_by }) => suppressed_by?.kind === "maintenance").length;
  const words =
    suppressed === 0 ? "" : ` ${thousands(suppressed)} of the episodes lie in a maintenance and alert nobody.`;
  const time = (text: string) => formatIn(Date.parse(text), timezone);
  return html`<section id="events">
<h2>Known events</h2>
<p class="sub">Deployments, maintenances and holidays in this period.${words}</p>
<div class="scroll"><table><tr><th>kind</th><th>from</th><th>until</th><th>what</th><th class="n">episodes</th></tr>
${events.slice(0, MOST).map(
  ({ id, kind, from, until, note }) =>
    html`<tr><td>${kind}</td><td>${time(from)}</td><td>${time(until)}</td><td class="w">${note ?? ""}</td><td class="n">${named.get(id) ?? 0}</td></tr>
`,
)}</table></div>
${events.length > MOST ? html`<p class="sub">and ${events.length - MOST} more</p>` : null}
</section>`;
}
