import { count } from "../../wording/count.js";
import { hoursOf } from "../../wording/rough-duration.js";
import type { GroupSummary } from "../group-summary.js";
import type { Report } from "../report.js";
import { html, type Markup } from "./markup.js";

const SHOWN = 12;
const MOST = 400;
const TREND = { width: 72, height: 16 } as const;

/** Per machine and per aggregator: how often, how long, how bad, and whether it gets more. */
export function groupsSection({ machines, aggregators, kinds }: Report): Markup {
  if (machines.length === 0) return html``;
  return html`<section id="groups"><div class="two">
<div><h2>By machine</h2>${table(machines, "machine", "series")}</div>
<div><h2>By aggregator</h2>${table(aggregators, "aggregator", "machines")}
<h2>By kind</h2>${table(kinds, "kind", "series", kindCell)}</div>
</div></section>`;
}

type NameCell = (group: GroupSummary) => Markup;

const severityCell: NameCell = ({ name, worst }) =>
  html`<span class="dot b-${worst}" title="${worst}"></span><span>${name === "" ? "(none)" : name}</span>`;

const kindCell: NameCell = ({ name }) => html`<span class="k k-${name}"></span><span>${name.replace("_", " ")}</span>`;

function table(
  groups: readonly GroupSummary[],
  name: string,
  concerned: string,
  nameCell: NameCell = severityCell,
): Markup {
  const most = groups.reduce((highest, { perDay }) => Math.max(highest, ...perDay), 1);
  const head = html`<tr><th>${name}</th><th class="n">hours</th><th class="n">episodes</th><th class="n hide">${concerned}</th><th class="n">a day</th></tr>`;
  const rows = (some: readonly GroupSummary[]) => some.map((group) => groupRow(group, most, nameCell));
  const rest = groups.slice(SHOWN, MOST);
  return html`<div class="scroll"><table>${head}${rows(groups.slice(0, SHOWN))}</table></div>${
    rest.length === 0
      ? null
      : html`<details><summary>${count(rest.length, "more", "more")}</summary><div class="scroll"><table>${head}${rows(rest)}</table></div></details>`
  }${groups.length > MOST ? html`<p class="sub">and ${groups.length - MOST} more with shorter episodes</p>` : null}`;
}

function groupRow(group: GroupSummary, most: number, nameCell: NameCell): Markup {
  const { hours, episodes, open, concerned, perDay } = group;
  const going = open > 0 ? html` <span class="faint">(${open} open)</span>` : null;
  return html`<tr><td class="w"><div class="dn">${nameCell(group)}</div></td><td class="n">${hoursOf(hours)}</td><td class="n">${episodes}${going}</td><td class="n hide">${concerned}</td><td class="n">${bars(perDay, most)}</td></tr>
`;
}

function bars(perDay: readonly number[], most: number): Markup {
  const step = Math.min(9, TREND.width / Math.max(1, perDay.length));
  const px = (value: number) => Math.round(value * 10) / 10;
  return html`<svg width="${TREND.width}" height="${TREND.height}" role="img" aria-label="${perDay.join(", ")} episodes a day">${perDay.map(
    (count, i) => {
      const height = count === 0 ? 1 : Math.max(2.5, (count / most) * TREND.height);
      const x = TREND.width - (perDay.length - i) * step;
      return html`<rect class="${count === 0 ? "tracks" : "bar"}" x="${px(x)}" y="${px(TREND.height - height)}" width="${px(step * 0.8)}" height="${px(height)}"/>`;
    },
  )}</svg>`;
}
