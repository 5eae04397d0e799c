import type { AnomalyRecord, HydratedRecord } from "../../records/record.js";
import { count } from "../../wording/count.js";
import { formatValue } from "../../wording/format-value.js";
import { kindWords } from "../../wording/kind.js";
import { aggregatorWords } from "../../wording/labels.js";
import { shortTime } from "../../wording/moment.js";
import type { Report } from "../report.js";
import { linksOf, type PageLinks } from "./links.js";
import { html, type Markup } from "./markup.js";

const SHOWN = 300;

/** The records that an incident covers, the worst first. */
export function membersOf(
  { members }: { readonly members: readonly string[] },
  { records }: Report,
): (AnomalyRecord | HydratedRecord)[] {
  const ids = new Set(members);
  return records.filter(({ id }) => ids.has(id));
}

/** Each of them behind a click: one incident loses none of its episodes. */
export function memberTable(
  members: readonly AnomalyRecord[],
  { range, timezone, tellingLabels }: Report,
  links: PageLinks,
): Markup {
  return html`<details><summary>${count(members.length, "episode")}</summary><div class="scroll"><table>${members
    .slice(0, SHOWN)
    .map(
      (
        record,
      ) => html`<tr><td class="w">${record.machine}</td><td class="w">${aggregatorWords(record, tellingLabels)}</td><td><span class="k k-${record.kind}"></span>${kindWords(record)}</td><td class="n">${shortTime(record.start, timezone, range.endMs)}</td><td class="n">${formatValue(record.score, null)}</td><td>${linksOf(record, links)}</td></tr>
`,
    )}</table></div></details>`;
}
