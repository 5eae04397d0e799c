import { parseArgs } from "node:util";
import { aligned } from "../../dist/cli/aligned.js";
import { figuresOf, seriesFigures } from "../../dist/evaluate/figures.js";
import { DEFAULT_METHOD } from "../../dist/evaluate/method-names.js";
import { ignoredSlots } from "../../dist/evaluate/scored-series.js";
import { foldSpread } from "./folds.js";
import { BASELINES, episodesAWeek, IGNORE_MS, OURS } from "./methods.js";
import { nabScores, writeNabResults } from "./nab.js";
import { qualityFolder, USUAL_NAB_RESULTS } from "./places.js";
import { readNab, readSet, SETS } from "./sets.js";

/*
 * Detection quality on labelled series, ours beside what is used today, all causal, on the same data, counted by the same rules.
 *
 *     npm run bench:quality -- [--json] [--method NAME]… [--set wsd|aiops|nab]… [--nab-results FOLDER] [--budget N]…
 */
const { values: asked } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    method: { type: "string", multiple: true },
    set: { type: "string", multiple: true, default: [...SETS.map(({ name }) => name), "nab"] },
    // Episodes a series and week; several seconds each for a hundred series.
    budget: { type: "string", multiple: true, default: ["0.5", "1", "2"] },
    "nab-results": { type: "string", default: USUAL_NAB_RESULTS },
  },
});

const quality = qualityFolder();
if (quality === undefined) {
  console.error("bench:quality skipped: there is no quality data beside the project; QUALITY_DIR names its folder");
  process.exit(0);
}
const all = { ...OURS, ...BASELINES };
const names = asked.method ?? [DEFAULT_METHOD, ...Object.keys(BASELINES)];
const unknown = names.find((name) => !(name in all));
if (unknown !== undefined) {
  console.error(`bench:quality has no method "${unknown}"; it has ${Object.keys(all).join(", ")}`);
  process.exit(2);
}

const result = { sets: [], budgets: [], nab: [] };
for (const { name, kpiOf } of SETS.filter((set) => asked.set.includes(set.name))) {
  const inputs = await readSet(quality, name);
  for (const method of names) {
    const beganMs = performance.now();
    const scores = await all[method](inputs);
    const seconds = (performance.now() - beganMs) / 1000;
    result.sets.push({ set: name, method, seconds, ...judged(inputs, scores, kpiOf) });
    console.error(`${name}: ${method} in ${seconds.toFixed(0)} s`);
  }
  for (const method of names.filter((one) => one in OURS)) {
    for (const budget of asked.budget.map(Number)) {
      result.budgets.push({ set: name, method, budget, ...(await episodesAWeek(method, inputs, budget)) });
    }
  }
}
if (asked.set.includes("nab")) {
  const files = await readNab(quality);
  for (const method of names) {
    const scores = await all[method](files.map(({ input }) => input));
    writeNabResults(asked["nab-results"], method, files, scores);
    result.nab.push({ method, profiles: nabScores(quality, asked["nab-results"], method) ?? null });
  }
}
console.log(asked.json ? JSON.stringify(result, null, 2) : tables(result).join("\n"));

function judged(inputs, scores, kpiOf) {
  const scored = inputs.map(({ series, label }, i) => ({
    stepMs: series.stepMs,
    score: scores[i],
    label,
    ignoreSlots: ignoredSlots(IGNORE_MS, series.stepMs),
  }));
  const figures = figuresOf(
    scored,
    scored.map((series) => seriesFigures(series)),
  );
  const folds = foldSpread(
    scored,
    inputs.map(({ name }) => kpiOf(name)),
  );
  return { figures, folds };
}

function tables({ sets, budgets, nab }) {
  const two = (value) => (value === null || value === undefined ? "-" : value.toFixed(2));
  const delay = (ms) => (ms === null ? "-" : `${ms / 60_000}m`);
  const head = [
    "set",
    "method",
    "F1",
    "P",
    "R",
    "FA/week",
    "delay",
    "R@1FA",
    "AUC-PR",
    "F1 by KPI folds",
    "least",
    "s",
  ];
  const rows = sets.map(({ set, method, seconds, figures, folds }) => [
    set,
    method,
    two(figures.eventF1),
    two(figures.precision),
    two(figures.recall),
    two(figures.falseAlarmsPerWeek),
    delay(figures.medianDelayMs),
    two(figures.recallAt1?.recall),
    two(figures.aucPr),
    `${two(folds.mean)} ± ${two(folds.deviation)}`,
    two(folds.least),
    seconds.toFixed(0),
  ]);
  const budgetRows = budgets.map(({ set, method, budget, found, figures }) => [
    set,
    method,
    `${budget}/week`,
    `${two(found)}/week`,
    two(found / budget),
    two(figures.eventF1),
    two(figures.recall),
  ]);
  const profiles = ["standard", "reward_low_FP_rate", "reward_low_FN_rate"];
  const nabRows = nab.map(({ method, profiles: of }) => [
    method,
    ...profiles.map((profile) => (of === null ? "-" : of[profile].score.toFixed(1))),
  ]);
  return [
    ...(rows.length === 0 ? [] : aligned([head, ...rows], ["left", "left", "right"])),
    ...(budgetRows.length === 0
      ? []
      : [
          "",
          ...aligned(
            [["set", "method", "--max-episodes", "episodes", "ratio", "F1", "R"], ...budgetRows],
            ["left", "left", "right"],
          ),
        ]),
    ...(nabRows.length === 0
      ? []
      : [
          "",
          ...aligned(
            [["NAB, best threshold of the files", "standard", "low FP", "low FN"], ...nabRows],
            ["left", "right"],
          ),
        ]),
  ];
}
