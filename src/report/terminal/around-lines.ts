import { firstMovers, TOGETHER } from "../../around/around.js";
import type { Mover } from "../../around/mover.js";
import { tellingLabels } from "../../series/telling-labels.js";
import { count } from "../../wording/count.js";
import { aggregatorWords } from "../../wording/labels.js";
import { formatIn } from "../../wording/moment.js";
import type { Paint } from "../../wording/paint.js";
import { percent } from "../../wording/percent.js";
import { visible } from "../../wording/visible.js";
import { type AroundFound, FIRST_SHOWN } from "../around/around-json.js";
import { changeWords, groupWords, rarityWords, stayedWords, sumWords } from "../around/around-words.js";
import { aligned } from "./aligned.js";

export interface AroundLook {
  readonly timezone: string;
  readonly paint: Pick<Paint, "bold" | "dim">;
  /** Movers that are shown. */
  readonly limit: number;
}

/** Below this nobody would look at it as a first mover. */
const LEAST_FIRST = 0.01;
const GROUPS_SHOWN = 5;
const STAYED_SHOWN = 10;

/** What moved, for a terminal: the first movers, the groups, all in the order of their onset, and what stayed still. */
export function aroundLines(found: AroundFound, { timezone, paint, limit }: AroundLook): string[] {
  const { around, series } = found;
  const { movers, groups, stayed } = around;
  const telling = tellingLabels(
    movers.map(({ index }) => ({ ...namesOf(series[index].labels), labels: series[index].labels })),
  );
  const name = (index: number) => {
    const { labels } = series[index];
    const { machine, aggregator } = namesOf(labels);
    return (
      visible([machine, aggregatorWords({ aggregator, labels }, telling)].filter(Boolean).join(" ")) ||
      series[index].name
    );
  };
  const clock = (timeMs: number) => formatIn(timeMs, timezone).slice(11);
  const first = firstMovers(around, FIRST_SHOWN).filter((mover) => mover.firstTwo >= LEAST_FIRST);
  const lines = [sumWords(movers, around.compared, around.usualChanges)];
  if (first.length > 0) {
    lines.push("", paint.bold("First movers"), paint.dim("  chance to have been one of the first two"));
    const rows = first.map((mover) => [
      `  ${percent(Math.min(1, mover.firstTwo))}`,
      clock(mover.onsetMs),
      name(mover.index),
      `${mover.direction}: ${changeWords(mover, series[mover.index].unit)}`,
    ]);
    lines.push(...aligned(rows, ["right", "left"]));
  }
  if (groups.length > 0) {
    lines.push("", paint.bold("More often than by chance"));
    lines.push(...groups.slice(0, GROUPS_SHOWN).map((group) => `  ${visible(groupWords(group))}`));
  }
  if (movers.length > 0) lines.push("", paint.bold(`In the order of onset (${timezone})`));
  const head = ["  onset", "between", "series", "", "change", "unusual", ""];
  const row = (mover: Mover) => [
    `  ${clock(mover.onsetMs)}`,
    `${clock(mover.onsetFromMs)}-${clock(mover.onsetUntilMs)}`,
    name(mover.index),
    mover.direction,
    changeWords(mover, series[mover.index].unit),
    rarityWords(mover.chance),
    mover.together >= TOGETHER ? "" : "apart",
  ];
  if (movers.length > 0) lines.push(...aligned([head, ...movers.slice(0, limit).map(row)], ["left"]));
  const left = movers.length - limit;
  if (left > 0) lines.push(paint.dim(`  and ${count(left, "more", "more")}; --limit shows them, --json has all`));
  if (stayed.length > 0) {
    lines.push("", paint.bold("Did not move, although they usually do"));
    const rows = stayed.slice(0, STAYED_SHOWN).map((one) => [`  ${name(one.index)}`, stayedWords(one)]);
    lines.push(...aligned(rows));
    if (stayed.length > STAYED_SHOWN)
      lines.push(paint.dim(`  and ${count(stayed.length - STAYED_SHOWN, "more", "more")}`));
  }
  return lines;
}

function namesOf(labels: Readonly<Record<string, string>>) {
  return { machine: labels["machine"] ?? "", aggregator: labels["aggregator"] ?? "" };
}
