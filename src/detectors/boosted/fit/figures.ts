import { formatUtc } from "../../../time/format.js";
import { count } from "../../../wording/count.js";
import type { FigureLine, Figures } from "../../fit.js";
import type { Judged } from "./judge.js";

/** The figures of a training as a manifest keeps them. */
interface BoostedFigures extends Figures {
  readonly trees: number;
  readonly rows: number;
  readonly held_out_from: string;
  /** Mean absolute errors in spreads of a series, on values that were not trained on. */
  readonly held_out_error: { readonly boosted: number; readonly last: number; readonly lag24h: number };
}

export function boostedFigures({
  judged,
  trees,
  rows,
  heldOutFromMs,
}: {
  readonly judged: readonly Judged[];
  readonly trees: number;
  readonly rows: number;
  readonly heldOutFromMs: number;
}): BoostedFigures {
  const compared = judged.reduce((sum, one) => sum + one.count, 0);
  const mean = (of: "boosted" | "last" | "dayAgo") =>
    Number((judged.reduce((sum, one) => sum + one[of], 0) / compared).toPrecision(4)) || 0;
  return {
    ...{ trees, rows },
    held_out_from: formatUtc(heldOutFromMs),
    held_out_error: { boosted: mean("boosted"), last: mean("last"), lag24h: mean("dayAgo") },
  };
}

export function figureLines(figures: Figures): readonly FigureLine[] {
  const { trees, rows, held_out_from, held_out_error } = figures as BoostedFigures;
  const { boosted, last, lag24h } = held_out_error;
  const short = (error: number) => Number(error.toPrecision(3));
  return [
    ["boosted trees", `${count(trees, "tree")} on ${count(rows, "row")}`],
    [
      "boosted error",
      `${short(boosted)} of a series' spread after ${held_out_from}; last value ${short(last)}, 24 h ago ${short(lag24h)}`,
    ],
  ];
}
