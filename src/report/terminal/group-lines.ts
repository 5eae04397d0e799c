import type { GroupResult } from "../../evaluate/group-backtest.js";
import { thousands } from "../../wording/count.js";
import { aligned } from "./aligned.js";
import { delay, ratio } from "./backtest-cells.js";

/** The groups of a backtest as a table for people; without labels there are counts alone. */
export function groupLines(groups: readonly GroupResult[]): readonly string[] {
  if (groups.length === 0) return [];
  const isLabelled = groups.some((group) => group.isLabelled);
  const head = [
    "group",
    "series",
    "alarms",
    "episodes",
    ...(isLabelled ? ["events", "F1", "precision", "recall", "FA/week", "delay"] : []),
  ];
  const rows = groups.map(({ key, members, figures, records }) => [
    key,
    thousands(members),
    thousands(figures.alarms),
    thousands(records.length),
    ...(isLabelled
      ? [
          thousands(figures.events),
          ratio(figures.eventF1),
          ratio(figures.events === 0 && figures.alarms === 0 ? null : figures.precision),
          ratio(figures.recall),
          ratio(figures.falseAlarmsPerWeek),
          delay(figures.medianDelayMs),
        ]
      : []),
  ]);
  return ["", ...aligned([head, ...rows], ["left", "right"])];
}
