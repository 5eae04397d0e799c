import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { alarmMetrics } from "../../dist/evaluate/alarm-metrics.js";
import { alarmSummary } from "../../dist/evaluate/alarm-summary.js";
import { groupResults } from "../../dist/evaluate/group-backtest.js";
import { runBacktest } from "../../dist/evaluate/run-backtest.js";
import { aligned } from "../../dist/report/terminal/aligned.js";
import { qualityFolder } from "./places.js";

/*
 * Incidents of machines and services, from the scores of all their metrics: the groups of the tool beside simple rules and PCA, and
 * whether the metrics that an incident is known to be in come first.
 *
 *     npm run -s build && node bench/quality/groups.js
 */
const DAY_MS = 86_400_000;
const TOGETHER_MS = 600_000;
const DETECTOR = "residual";
/** The start that is not labelled. */
const IGNORE_DAYS = { asd: 30, smd: 16.5, svc: 20 };

const RULES = {
  "2nd largest of ten minutes": ({ lately }) => kthLargest(2, lately),
  "3rd largest": ({ lately }) => kthLargest(3, lately),
  "4th largest": ({ lately }) => kthLargest(4, lately),
  "PCA reconstruction error": reconstruction,
  "--group-by": ({ group }) => group.score,
};

function readMachine(folder) {
  const [head, ...rows] = gunzipSync(readFileSync(join(folder, "metrics.csv.gz")))
    .toString()
    .trim()
    .split(/\r?\n/);
  const names = head.split(",").slice(1, -1);
  const cells = rows.map((row) => row.split(",").map((cell) => (cell === "" ? Number.NaN : Number(cell))));
  const startMs = cells[0][0] * 1000;
  const stepMs = cells[1][0] * 1000 - startMs;
  const label = Uint8Array.from(cells, (row) => row[row.length - 1]);
  const inputs = names.map((name, c) => ({
    name,
    series: {
      name,
      labels: { machine: "m", metric: name },
      startMs,
      stepMs,
      values: Float64Array.from(cells, (row) => row[c + 1]),
    },
    label,
  }));
  const { intervals } = JSON.parse(readFileSync(join(folder, "interpretation.json"), "utf8"));
  return { names, startMs, stepMs, inputs, label, intervals };
}

async function scored(machine, ignoreMs) {
  const { results } = await runBacktest(machine.inputs, {
    timezone: "UTC",
    seed: 1,
    refitMs: 7 * DAY_MS,
    ignoreMs: 3 * DAY_MS,
    vus: false,
    detector: DETECTOR,
  });
  const [group] = groupResults(results, ["machine"], ignoreMs, DETECTOR);
  return { ...machine, group, lately: results.map((one) => largestLately(one.scored.score, machine.stepMs)) };
}

function largestLately(score, stepMs) {
  const slots = Math.max(1, Math.round(TOGETHER_MS / stepMs));
  return Float64Array.from(score, (_, i) => {
    let largest = 0;
    for (let k = Math.max(0, i - slots + 1); k <= i; k++) if (score[k] > largest) largest = score[k];
    return largest;
  });
}

function kthLargest(k, members) {
  return Float64Array.from(members[0], (_, i) => members.map((one) => one[i]).sort((a, b) => b - a)[k - 1]);
}

/** Undefined where Python or scikit-learn is missing. */
function reconstruction({ inputs, stepMs }) {
  const columns = inputs.map(({ series }) => series.values);
  const values = Array.from(columns[0], (_, i) => columns.map((column) => (Number.isNaN(column[i]) ? 0 : column[i])));
  const input = JSON.stringify({ step: stepMs / 1000, values });
  const script = new URL("groups/reconstruction.py", import.meta.url).pathname;
  for (const python of ["/usr/bin/python3", "python3"]) {
    const said = spawnSync(python, ["-I", script], { input, encoding: "utf8", maxBuffer: 2 ** 28 });
    if (said.status === 0) return Float64Array.from(JSON.parse(said.stdout));
  }
  return undefined;
}

/** Of the metrics that events name, how many are among as many first-ranked by their highest score in the event. */
function namedFirst(machines, ignoreMs) {
  let named = 0;
  let first = 0;
  for (const { names, startMs, stepMs, lately, intervals } of machines) {
    for (const { start, end, metrics } of intervals) {
      const [from, until] = [start, end].map((second) => Math.round((second * 1000 - startMs) / stepMs));
      if (metrics.length === 0 || from * stepMs < ignoreMs) continue;
      const largest = lately.map((one) => one.subarray(from, until + 1).reduce((a, b) => Math.max(a, b), 0));
      const ranked = names.map((name, i) => ({ name, score: largest[i] })).sort((a, b) => b.score - a.score);
      named += metrics.length;
      first += ranked.slice(0, metrics.length).filter(({ name }) => metrics.includes(name)).length;
    }
  }
  return named === 0 ? null : first / named;
}

const quality = qualityFolder();
if (quality === undefined) {
  console.error("groups skipped: there is no quality data beside the project; QUALITY_DIR names its folder");
  process.exit(0);
}
const two = (value) => (value === null ? "-" : value.toFixed(2));
const rows = [];
for (const [set, days] of Object.entries(IGNORE_DAYS)) {
  const ignoreMs = days * DAY_MS;
  const folder = join(quality, "dev", set);
  const machines = [];
  for (const machine of readdirSync(folder).sort())
    machines.push(await scored(readMachine(join(folder, machine)), ignoreMs));
  for (const [rule, of] of Object.entries(RULES)) {
    const scores = machines.map((machine) => of(machine));
    if (scores.includes(undefined)) {
      console.error(`${set}: ${rule} skipped, it needs Python with scikit-learn`);
      continue;
    }
    const counts = machines.map(({ stepMs, label }, i) =>
      alarmMetrics({ stepMs, score: scores[i], label, ignoreSlots: Math.round(ignoreMs / stepMs) }),
    );
    const { events, eventF1, precision, recall, falseAlarmsPerWeek } = alarmSummary(counts);
    rows.push([set, rule, String(events), ...[eventF1, precision, recall, falseAlarmsPerWeek].map(two)]);
  }
  const share = namedFirst(machines, ignoreMs);
  if (share !== null)
    console.error(`${set}: ${two(share)} of the metrics that events name are among as many first-ranked`);
}
const head = ["set", "rule", "events", "F1", "P", "R", "FA/machine-week"];
console.log(aligned([head, ...rows], ["left", "left", "right"]).join("\n"));
