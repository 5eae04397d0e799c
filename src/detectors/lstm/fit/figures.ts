import { formatUtc } from "../../../time/format.js";
import { count } from "../../../wording/count.js";
import type { FigureLine, Figures } from "../../fit.js";
import type { Judged } from "./steps.js";
import type { Training } from "./train-network.js";

/** The figures of a training as a manifest keeps them. */
interface LstmFigures extends Figures {
  readonly networks: number;
  readonly weights: number;
  /** Passes over the history, of all networks together. */
  readonly epochs: number;
  readonly held_out_from: string;
  /** Mean absolute errors in spreads of a series, on values that were not trained on. */
  readonly held_out_error: { readonly lstm: number; readonly last: number; readonly lag24h: number };
}

export function lstmFigures({
  judged,
  trainings,
  heldOutFromMs,
  weights,
}: {
  readonly judged: readonly Judged[];
  readonly trainings: readonly Training[];
  readonly heldOutFromMs: number;
  readonly weights: number;
}): LstmFigures {
  const compared = judged.reduce((sum, one) => sum + one.count, 0);
  const mean = (of: "network" | "last" | "dayAgo") =>
    Number((judged.reduce((sum, one) => sum + one[of], 0) / compared).toPrecision(4)) || 0;
  return {
    networks: trainings.length,
    weights,
    epochs: trainings.reduce((sum, { epoch }) => sum + epoch, 0),
    held_out_from: formatUtc(heldOutFromMs),
    held_out_error: { lstm: mean("network"), last: mean("last"), lag24h: mean("dayAgo") },
  };
}

export function figureLines(figures: Figures): readonly FigureLine[] {
  const { networks, weights, epochs, held_out_from, held_out_error } = figures as LstmFigures;
  const { lstm, last, lag24h } = held_out_error;
  const short = (error: number) => Number(error.toPrecision(3));
  return [
    ["networks", `${count(networks, "network")} of ${weights} weights, ${count(epochs, "pass", "passes")} in all`],
    [
      "network error",
      `${short(lstm)} of a series' spread after ${held_out_from}; last value ${short(last)}, 24 h ago ${short(lag24h)}`,
    ],
  ];
}
