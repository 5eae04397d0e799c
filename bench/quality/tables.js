import { aligned } from "../../dist/report/terminal/aligned.js";

const two = (value) => (value === null || value === undefined || Number.isNaN(value) ? "-" : value.toFixed(2));
const minutes = (ms) => (ms === null ? "-" : `${ms / 60_000}m`);
const kilobytes = (bytes) => (bytes === null ? "-" : `${(bytes / 1000).toFixed(0)} kB`);
const LEFT_TWO = ["left", "left", "right"];

/** The results for people: a table of the sets, one of the budgets, one of NAB; those without rows are left out. */
export function tables({ sets, budgets, nab }) {
  const blocks = [setTable(sets), budgetTable(budgets), nabTable(nab)].filter((block) => block.length > 0);
  return blocks.flatMap((block, i) => (i === 0 ? block : ["", ...block]));
}

function setTable(sets) {
  if (sets.length === 0) return [];
  const head = ["set", "method", "F1", "90 % over KPIs", "P", "R", "FA/week", "delay", "R@1FA", "AUC-PR"];
  const rows = sets.map(({ set, method, rows, cpuSeconds, checkpoint, figures, interval }) => [
    set,
    method,
    two(figures.eventF1),
    `${two(interval.low)} … ${two(interval.high)}`,
    two(figures.precision),
    two(figures.recall),
    two(figures.falseAlarmsPerWeek),
    minutes(figures.medianDelayMs),
    two(figures.recallAt1?.recall),
    two(figures.aucPr),
    cpuSeconds.toFixed(1),
    Math.round(rows / cpuSeconds / 1000).toString(),
    kilobytes(checkpoint),
  ]);
  return aligned([[...head, "CPU s", "krows/s", "checkpoint"], ...rows], LEFT_TWO);
}

function budgetTable(budgets) {
  if (budgets.length === 0) return [];
  const rows = budgets.map(({ set, method, budget, alarms, episodes, figures }) => [
    set,
    method,
    `${budget}/week`,
    `${two(alarms)}/week`,
    two(alarms / budget),
    `${two(episodes)}/week`,
    two(figures?.eventF1),
    two(figures?.recall),
  ]);
  return aligned([["set", "method", "--max-episodes", "alarms", "ratio", "episodes", "F1", "R"], ...rows], LEFT_TWO);
}

function nabTable(nab) {
  if (nab.length === 0) return [];
  const profiles = ["standard", "reward_low_FP_rate", "reward_low_FN_rate"];
  const rows = nab.map(({ method, profiles: of }) => [
    method,
    ...profiles.map((profile) => (of === null ? "-" : of[profile].score.toFixed(1))),
  ]);
  return aligned([["NAB, best threshold of the files", "standard", "low FP", "low FN"], ...rows], ["left", "right"]);
}
