import { firstMovers, TOGETHER } from "../../around/around.js";
import type { Mover } from "../../around/mover.js";
import type { Stretches } from "../../around/stretches.js";
import { tellingLabels } from "../../series/telling-labels.js";
import { count } from "../../wording/count.js";
import { formatValue } from "../../wording/format-value.js";
import { aggregatorWords } from "../../wording/labels.js";
import { formatIn } from "../../wording/moment.js";
import { percent } from "../../wording/percent.js";
import { html, type Markup } from "../page/markup.js";
import { STYLE } from "../page/style.js";
import { type AroundFound, FIRST_SHOWN } from "./around-json.js";
import { changeWords, groupWords, rarityWords, stayedWords, sumWords } from "./around-words.js";
import { multiple, multiplePaths } from "./multiple.js";

export interface AroundPageOptions {
  readonly timezone: string;
  readonly madeAtMs: number;
  readonly madeBy: string;
}

/** What the page is of: the values are drawn. */
type Drawn = Omit<AroundFound, "series"> & { readonly series: readonly Stretches[] };

/** As the report: the page may load nothing and run nothing. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
/** 8 kB a picture: a page of these stays under 2 MB. */
const PICTURES = 120;
/** Rows of the table that has all. */
const ROWS = 2000;
const STAYED_SHOWN = 60;
const GROUPS_SHOWN = 12;
/** Below this nobody would look at it as a first mover. */
const LEAST_FIRST = 0.01;

const OWN_STYLE = `
.multiple{display:block;width:100%;height:auto}
.multiple .obs{fill:none;stroke:var(--obs);stroke-width:1.3;stroke-linejoin:round}
.multiple .exp{fill:none;stroke:var(--link);stroke-width:1.1;stroke-dasharray:3 2}
.multiple .onset{stroke:var(--ep-text);stroke-width:1.4}
.card h3{overflow-wrap:anywhere}
.card .agg{font-weight:400;color:var(--faint)}
.card .change{font-size:13px;color:var(--ep-text);overflow-wrap:anywhere}
.card .scale{display:flex;justify-content:space-between;gap:8px;font-size:11px;color:var(--faint);font-variant-numeric:tabular-nums}
.apart{opacity:.75}
`;

/** What moved as one page that needs nothing else: first movers, groups, small pictures in the order of onset, what stayed still. */
export function aroundPage(found: Drawn, { timezone, madeAtMs, madeBy }: AroundPageOptions): string {
  const { around, frame, timeMs } = found;
  const { movers, groups, stayed } = around;
  const name = namer(found);
  const clock = (ms: number) => formatIn(ms, timezone).slice(11);
  const title = `What moved around ${formatIn(timeMs, timezone)} ${timezone}`;
  const period = `${formatIn(frame.window.startMs, timezone)} to ${formatIn(frame.window.endMs, timezone)} ${timezone}`;
  const card = (mover: Mover, note: string) => moverCard(found, mover, { name, clock, note });
  const first = firstMovers(around, FIRST_SHOWN).filter((mover) => mover.firstTwo >= LEAST_FIRST);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${{ markup: POLICY }}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${{ markup: STYLE + OWN_STYLE }}</style>
</head>
<body><main>
<header><h1>${title}</h1><div class="faint">${period}</div>
<p>${sumWords(movers, around.compared, around.usualChanges)}.</p></header>
${section(
  "first",
  "First movers",
  "The chance to have been one of the first two of what moved together: one before it may be an unrelated incident.",
  first.length === 0
    ? undefined
    : html`<div class="cards">${first.map((mover) => card(mover, percent(Math.min(1, mover.firstTwo))))}</div>`,
)}
${section(
  "groups",
  "More often than by chance",
  "Labels of what moved together.",
  groups.length === 0
    ? undefined
    : html`<ul class="names">${groups.slice(0, GROUPS_SHOWN).map((group) => html`<li>${groupWords(group)}</li>`)}</ul>`,
)}
${section(
  "moved",
  "In the order of onset",
  "The line is what was measured, dashed what was to be expected from the hours before (grey) and the same hours of earlier days. The upright line is the onset.",
  movers.length === 0
    ? html`<p>Nothing changed more than it does on other days.</p>`
    : html`<div class="cards">${movers.slice(0, PICTURES).map((mover) => card(mover, mover.together >= TOGETHER ? "" : "apart"))}</div>${
        movers.length > PICTURES
          ? html`<p class="sub">and ${count(movers.length - PICTURES, "more", "more")} that began later, in the table</p>`
          : null
      }`,
)}
${section(
  "stayed",
  "Did not move, although they usually do",
  "Series that were far from usual when the others were, on earlier days at these hours.",
  stayed.length === 0
    ? undefined
    : html`<div class="scroll"><table>${stayed
        .slice(0, STAYED_SHOWN)
        .map((one) => html`<tr><td class="w">${name(one.index)}</td><td>${stayedWords(one)}</td></tr>`)}</table></div>`,
)}
${movers.length === 0 ? null : allTable(found, name, clock, timezone)}
<footer>${count(around.withoutReference.length, "series", "series")} could not be compared: too few earlier days have them. Made ${formatIn(Math.floor(madeAtMs / 60_000) * 60_000, timezone)} by ${madeBy}.</footer>
</main></body>
</html>
`.markup;
}

function section(id: string, head: string, about: string, content: Markup | undefined): Markup {
  return content === undefined
    ? html``
    : html`<section id="${id}"><h2>${head}</h2><p class="sub">${about}</p>${content}</section>`;
}

interface CardLook {
  readonly name: (index: number) => string;
  readonly clock: (ms: number) => string;
  readonly note: string;
}

function moverCard({ series, frame }: Drawn, mover: Mover, { name, clock, note }: CardLook): Markup {
  const of = series[mover.index];
  const paths = multiplePaths(of, frame, mover.onsetMs);
  const change = mover.direction === "silent" ? "silent" : `${mover.direction}: ${changeWords(mover, of.unit)}`;
  const value = (number: number) => formatValue(number, of.unit ?? null);
  return html`<div class="card${mover.together >= TOGETHER ? "" : " apart"}"><h3>${clock(mover.onsetMs)} ${name(mover.index)}</h3>
${multiple(paths, `${name(mover.index)}, ${change}`)}
<div class="scale"><span>${paths === undefined ? "" : `${value(paths.low)} to ${value(paths.high)}`}</span><span>${clock(frame.window.endMs)}</span></div>
<div class="change">${change}</div>
<div class="when faint">between ${clock(mover.onsetFromMs)} and ${clock(mover.onsetUntilMs)}, ${rarityWords(mover.chance)}${note === "" ? "" : `, ${note}`}</div></div>
`;
}

function allTable(
  { around: { movers }, series }: Drawn,
  name: (index: number) => string,
  clock: (ms: number) => string,
  timezone: string,
): Markup {
  const left = movers.length - ROWS;
  return html`<section id="all"><h2>All</h2><details><summary>${count(movers.length, "series", "series")} in the order of onset</summary>
<div class="scroll"><table><tr><th class="n">onset (${timezone})</th><th>series</th><th></th><th>change</th><th class="n">unusual</th><th class="n">first two</th></tr>
${movers.slice(0, ROWS).map(
  (
    mover,
  ) => html`<tr><td class="n">${clock(mover.onsetMs)}</td><td class="w">${name(mover.index)}</td><td>${mover.direction}</td><td>${changeWords(mover, series[mover.index].unit)}</td><td class="n">${rarityWords(mover.chance)}</td><td class="n">${mover.firstTwo >= LEAST_FIRST ? percent(Math.min(1, mover.firstTwo)) : ""}</td></tr>
`,
)}</table></div>${left > 0 ? html`<p class="sub">and ${count(left, "more", "more")}</p>` : null}</details></section>`;
}

/** Names with as few labels as tell what moved apart. */
function namer({ series, around }: Pick<Drawn, "series" | "around">): (index: number) => string {
  const of = (index: number) => {
    const { labels } = series[index];
    return { machine: labels["machine"] ?? "", aggregator: labels["aggregator"] ?? "", labels };
  };
  const telling = tellingLabels(around.movers.map(({ index }) => of(index)));
  return (index) => {
    const { machine, ...named } = of(index);
    return [machine, aggregatorWords(named, telling)].filter(Boolean).join(" ") || series[index].name;
  };
}
