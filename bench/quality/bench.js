import { parseArgs } from "node:util";
import { WITHOUT_MODEL } from "../../dist/detectors/registry.js";
import { CHANGES, changed } from "./changes.js";
import { checkpointBytes } from "./checkpoint.js";
import { judged } from "./judge.js";
import { alarmsAWeek, BASELINES, OURS } from "./methods.js";
import { nabScores, writeNabResults } from "./nab.js";
import { EXAMPLE_SET, qualityFolder, readExample, USUAL_NAB_RESULTS } from "./places.js";
import { readNab, readSet, SETS } from "./sets.js";
import { tables } from "./tables.js";

/*
 * Detection quality on labelled series, ours beside what is used today, all causal, on the same data, counted by the same rules.
 *
 *     npm run bench:quality -- [--json] [--method NAME|all]… [--set NAME]… [--nab-results FOLDER] [--budget N]… [--change scaled|gaps] [--small] [--verdicts [--draws N]]
 */
const { values: options } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    method: { type: "string", multiple: true, default: [WITHOUT_MODEL] },
    set: { type: "string", multiple: true, default: [...SETS.map(({ name }) => name), "nab"] },
    // Alarms a series and week; each costs two more replays of every set.
    budget: { type: "string", multiple: true, default: [] },
    // The sets with their values changed in a way that should not matter.
    change: { type: "string" },
    "nab-results": { type: "string", default: USUAL_NAB_RESULTS },
    // All methods once on the series that comes with the project: shows that the bench runs, not how good anything is.
    small: { type: "boolean", default: false },
    // What verdicts change, and how well the confidence orders; `--draws` of which episodes are answered.
    verdicts: { type: "boolean", default: false },
    draws: { type: "string", default: "20" },
  },
});

/** Those of means of five minutes have the same episodes. */
const isFor = (name) => !name.endsWith("-5min");
const all = { ...OURS, ...BASELINES };
const names = options.small || options.method.includes("all") ? Object.keys(all) : options.method;
const unknown = names.find((name) => !(name in all));
if (unknown !== undefined) {
  console.error(`bench:quality has no method "${unknown}"; it has all, ${Object.keys(all).join(", ")}`);
  process.exit(2);
}
if (options.change !== undefined && !(options.change in CHANGES)) {
  console.error(`bench:quality has no change "${options.change}"; it has ${Object.keys(CHANGES).join(", ")}`);
  process.exit(2);
}
const quality = options.small ? undefined : qualityFolder();
if (quality === undefined && !options.small) {
  console.error("bench:quality skipped: there is no quality data beside the project; QUALITY_DIR names its folder");
  process.exit(0);
}
if (options.verdicts && quality !== undefined) {
  const { verdictBench } = await import("./verdicts/bench.js");
  const { set: names, json } = options;
  console.log(await verdictBench(quality, { names: names.filter(isFor), draws: Number(options.draws), json }));
  process.exit(0);
}
const budgets = (options.small ? ["1"] : options.budget).map(Number);
const sets = options.small ? [EXAMPLE_SET] : SETS.filter(({ name }) => options.set.includes(name));

const result = { sets: [], budgets: [], nab: [] };
for (const set of sets) {
  const inputs = changed(options.small ? await readExample() : await readSet(quality, set), options.change);
  const rows = inputs.reduce((sum, { series }) => sum + series.values.length, 0);
  for (const method of names) {
    const before = process.cpuUsage();
    const scores = await all[method](inputs, set);
    const { user, system } = process.cpuUsage(before);
    const cpuSeconds = (user + system) / 1e6;
    const checkpoint = method in OURS ? await checkpointBytes(method, inputs[0].series) : null;
    result.sets.push({ set: set.name, method, rows, cpuSeconds, checkpoint, ...judged(set, inputs, scores) });
    console.error(`${set.name}: ${method}, ${cpuSeconds.toFixed(0)} CPU seconds`);
    for (const budget of method in OURS ? budgets : []) {
      const { scores: divided, ...kept } = await alarmsAWeek(method, inputs, set, budget);
      result.budgets.push({ set: set.name, method, budget, ...kept, ...judged(set, inputs, divided) });
    }
  }
}
if (options.set.includes("nab") && !options.small) {
  const files = await readNab(quality);
  for (const method of names) {
    const scores = await all[method](
      files.map(({ input }) => input),
      { ignoreMs: 0 },
    );
    writeNabResults(options["nab-results"], method, files, scores);
    result.nab.push({ method, profiles: nabScores(quality, options["nab-results"], method) ?? null });
  }
}
console.log(options.json ? JSON.stringify(result, null, 2) : tables(result).join("\n"));
