import type { ComparedAlert } from "../../evaluate/alert-diff.js";
import type { Comparison } from "../../evaluate/compare-detectors.js";
import { WEEK_MS } from "../../time/duration.js";
import { count, thousands } from "../../wording/count.js";
import { aligned } from "./aligned.js";
import { delay, percent, ratio } from "./backtest-cells.js";

/** Alerts that some detectors gave and others did not are listed up to here; the file has all. */
const MOST_LISTED = 20;

/** Several detectors on the same data: one row each, how far they agree, and the alerts that not all of them gave. */
export function comparisonLines(comparison: Comparison, alertsFile: string): readonly string[] {
  const { runs, withFirst } = comparison;
  const labelled = runs[0].backtest.total !== null;
  const agreed = withFirst.map(({ both, onlyFirst, onlySecond }, i) => [
    `${runs[0].detector} and ${runs[i + 1].detector}:`,
    `${thousands(both)} in both,`,
    `${thousands(onlyFirst)} only ${runs[0].detector},`,
    `${thousands(onlySecond)} only ${runs[i + 1].detector}`,
  ]);
  return [
    ...(labelled ? labelledTable(comparison) : countsTable(comparison)),
    "",
    "alerts",
    ...aligned(agreed).map((line) => `  ${line}`),
    ...differing(comparison, alertsFile),
  ];
}

function labelledTable({ runs }: Comparison): readonly string[] {
  const head = ["detector", "events", "F1", "precision", "recall", "later", "FA/week", "delay", "R@1FA", "AUC-PR"];
  return aligned(
    [
      [...head, "episodes", "CPU s", "unscored"],
      ...runs.flatMap(({ detector, backtest: { total, results }, cpuSeconds }) =>
        total === null
          ? []
          : [
              [
                detector,
                thousands(total.events),
                ratio(total.eventF1),
                ratio(total.events === 0 && total.alarms === 0 ? null : total.precision),
                ratio(total.recall),
                thousands(total.foundLater),
                ratio(total.falseAlarmsPerWeek),
                delay(total.medianDelayMs),
                ratio(total.recallAt1?.recall),
                ratio(total.aucPr),
                thousands(results.reduce((sum, { records }) => sum + records.length, 0)),
                cpuSeconds.toFixed(1),
                percent(total.unscoredShare),
              ],
            ],
      ),
    ],
    ["left", "right"],
  );
}

function countsTable({ runs }: Comparison): readonly string[] {
  return aligned(
    [
      ["detector", "alarms", "alarms/week", "episodes", "CPU s", "unscored"],
      ...runs.map(({ detector, backtest: { results }, cpuSeconds }) => {
        const sum = (of: (one: (typeof results)[number]) => number) => results.reduce((all, one) => all + of(one), 0);
        const alarms = sum(({ figures }) => figures.alarms);
        const weeks = sum(({ scored }) => (scored.score.length - scored.ignoreSlots) * scored.stepMs) / WEEK_MS;
        const slots = sum(({ scored }) => scored.score.length);
        return [
          detector,
          thousands(alarms),
          ratio(weeks > 0 ? alarms / weeks : null),
          thousands(sum(({ records }) => records.length)),
          cpuSeconds.toFixed(1),
          percent(sum(({ scored, ranking }) => scored.score.length * ranking.unscoredShare) / slots),
        ];
      }),
    ],
    ["left", "right"],
  );
}

/** Strongest first: the ones that a change of detector would be noticed by. */
function differing({ alerts, runs }: Comparison, alertsFile: string): readonly string[] {
  if (alerts.length === 0) return ["  none of them gave any"];
  const highest = ({ scores }: ComparedAlert) => Math.max(...scores.map((score) => score ?? 0));
  const some = alerts.filter(({ scores }) => scores.includes(null)).sort((a, b) => highest(b) - highest(a));
  if (some.length === 0) return [`  all ${count(alerts.length, "alert")} in all of them`];
  const labelled = some.some((alert) => alert.labelled !== null);
  const rows = some
    .slice(0, MOST_LISTED)
    .map(({ start, series, scores, labelled: event }) => [
      `${start.slice(0, 16)}Z`,
      series,
      ...(labelled ? [event === null ? "-" : event ? "event" : "false"] : []),
      ...scores.map((score) => (score === null ? "-" : ratio(score))),
    ]);
  const head = ["start", "series", ...(labelled ? ["label"] : []), ...runs.map(({ detector }) => detector)];
  const left = labelled ? 3 : 2;
  const align = [...Array<"left">(left).fill("left"), "right" as const];
  return [
    "",
    `${count(some.length, "alert")} that not all of them gave, by score${some.length > MOST_LISTED ? ` (the first ${MOST_LISTED}; all in ${alertsFile})` : ""}`,
    ...aligned([head, ...rows], align).map((line) => `  ${line}`),
  ];
}
