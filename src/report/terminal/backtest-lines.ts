import type { Figures } from "../../evaluate/figures.js";
import type { Backtest, BacktestResult } from "../../evaluate/run-backtest.js";
import { WEEK_MS } from "../../time/duration.js";
import { thousands } from "../../wording/count.js";
import { aligned } from "./aligned.js";
import { delay, percent, ratio } from "./backtest-cells.js";

/** The figures of every series and of all, as a table for people; series without labels have no figures but counts. */
export function reportLines({ results, total }: Backtest, vus: boolean): readonly string[] {
  const labelled = results.filter(({ input }) => input.label !== null);
  const quiet = results.filter(({ input }) => input.label === null);
  return [
    ...(labelled.length === 0 ? [] : labelledTable(labelled, total, vus)),
    ...(labelled.length > 0 && quiet.length > 0 ? [""] : []),
    ...(quiet.length === 0 ? [] : countsTable(quiet)),
  ];
}

function labelledTable(results: readonly BacktestResult[], total: Figures | null, vus: boolean): readonly string[] {
  const head = ["series", "events", "F1", "precision", "recall", "later", "FA/week", "delay", "AUC-PR"];
  const vusHead = vus ? ["VUS-PR", "held"] : [];
  const rows = results.map(({ input, figures }) => [input.name, ...cells(figures, vus)]);
  const lines = aligned(
    [
      [...head, ...vusHead, "unscored"],
      ...rows,
      ...(total === null || rows.length === 1 ? [] : [["all", ...cells(total, vus)]]),
    ],
    ["left", "right"],
  );
  if (total === null) return lines;
  const { recallAt1, best } = total;
  const swept = [
    recallAt1 === null
      ? "no threshold keeps to 1 false alarm per series and week"
      : `recall ${ratio(recallAt1.recall)} at 1 false alarm per series and week (threshold ${recallAt1.threshold.toPrecision(3)})`,
    // Below zero every slot is flagged, scored or not: no threshold at all.
    ...(best === null || best.threshold < 0
      ? []
      : [`best F1 ${ratio(best.eventF1)} (threshold ${best.threshold.toPrecision(3)})`]),
  ];
  return total.events === 0 ? lines : [...lines, "", swept.join("; ")];
}

function cells(figures: Figures, vus: boolean): readonly string[] {
  return [
    thousands(figures.events),
    ratio(figures.eventF1),
    ratio(figures.events === 0 && figures.alarms === 0 ? null : figures.precision),
    ratio(figures.recall),
    thousands(figures.foundLater),
    ratio(figures.falseAlarmsPerWeek),
    delay(figures.medianDelayMs),
    ratio(figures.aucPr),
    ...(vus ? [ratio(figures.vusPrRaw), ratio(figures.vusPrHeld)] : []),
    percent(figures.unscoredShare),
  ];
}

function countsTable(results: readonly BacktestResult[]): readonly string[] {
  return aligned(
    [
      ["series", "slots", "alarms", "alarms/week", "episodes", "unscored"],
      ...results.map(({ input, scored, figures, records }) => [
        input.name,
        thousands(scored.score.length),
        thousands(figures.alarms),
        ratio((figures.alarms * WEEK_MS) / Math.max(1, (scored.score.length - scored.ignoreSlots) * scored.stepMs)),
        thousands(records.length),
        percent(figures.unscoredShare),
      ]),
    ],
    ["left", "right"],
  );
}
