// How well anomaly around finds a cascade and its first mover among 10,000 series, beside a ranking by two-sample
// Kolmogorov–Smirnov tests. Prints one line per seed and the shares with their 95 % intervals.
//
//     node bench/around/bench.js                    seeds 101 to 150, which nothing was chosen on
//     node bench/around/bench.js --small            three seeds of 1,000 series, for npm run bench:once
//     node bench/around/bench.js --seeds 1-10       some of the seeds that it was developed on
//     node bench/around/bench.js --unrelated 0.003  three times as many unrelated incidents
//     node bench/around/bench.js --processes 2      seeds side by side
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { firstMovers, TOGETHER, whatMoved } from "../../dist/around/around.js";
import { falseShares } from "../../dist/around/false-share.js";
import { kolmogorovSmirnov } from "../../dist/evaluate/kolmogorov-smirnov.js";
import { DEFAULT_CASCADE, simulateCascade } from "../../dist/simulate/cascade.js";

const { values: given } = parseArgs({
  options: {
    small: { type: "boolean", default: false },
    seeds: { type: "string" },
    unrelated: { type: "string" },
    processes: { type: "string", default: "1" },
    // Of a process that another one has started: its share of the seeds, results as lines of JSON.
    part: { type: "string" },
  },
});
const [first, last] = (given.seeds ?? (given.small ? "101-103" : "101-150")).split("-").map(Number);
const size = given.small ? { series: 1000, followers: 40 } : {};
const unrelated = given.unrelated === undefined ? {} : { unrelatedShare: Number(given.unrelated) };
const TOP = 3;
/** Share of the list of a Kolmogorov–Smirnov test that may be false by its own figures: what the bar allows. */
const SHARE = 0.1;
/** Netdata's baseline is four windows long and ends where the window begins; here as much of it as the lead has. */
const BASELINE_WINDOWS = 4;
const METHODS = ["around", "ks of values", "ks of differences"];

/** The list and the first movers of anomaly around: what it says to belong together. */
function ours({ series, window, leadMs }) {
  const began = process.cpuUsage();
  const around = whatMoved(series, { window, leadMs });
  const { user, system } = process.cpuUsage(began);
  return {
    changed: around.movers.map(({ index }) => index),
    listed: around.movers.filter(({ together }) => together >= TOGETHER).map(({ index }) => index),
    ranked: firstMovers(around, around.movers.length).map(({ index }) => index),
    seconds: (user + system) / 1e6,
  };
}

/** Differences of neighbouring values, which Netdata compares; or the values themselves. */
const differences = (values) => values.subarray(1).map((value, i) => value - values[i]);
const asIs = (values) => values;

/** The ranking of a two-sample Kolmogorov–Smirnov test of the window against the time before it. */
function byKs({ series, window, leadMs }, of) {
  const tests = series.map(({ days: [values], stepMs }) => {
    const lead = leadMs / stepMs;
    const baseline = Math.min(lead, (BASELINE_WINDOWS * (window.endMs - window.startMs)) / stepMs);
    return kolmogorovSmirnov(of(values.subarray(lead - baseline, lead)), of(values.subarray(lead)));
  });
  const rank = (a, b) => tests[a].chance - tests[b].chance || tests[b].distance - tests[a].distance;
  const ranked = tests.map((_, i) => i).sort(rank);
  const shares = falseShares(tests.map(({ chance }) => chance));
  return { ranked, listed: ranked.filter((i) => shares[i] <= SHARE) };
}

function judged({ cause, followers }, { listed, ranked }) {
  const movers = new Set([cause, ...followers]);
  const shareFound = (list) => list.filter((i) => movers.has(i)).length;
  return {
    place: ranked.indexOf(cause) + 1,
    found: shareFound(listed) / movers.size,
    wrong: listed.length === 0 ? 0 : 1 - shareFound(listed) / listed.length,
    listed: listed.length,
    // Of a list as long as the movers are many, whatever the method's own cut.
    foundInAsMany: shareFound(ranked.slice(0, movers.size)) / movers.size,
  };
}

function measure(seed) {
  const cascade = simulateCascade({ ...DEFAULT_CASCADE, ...size, ...unrelated, seed });
  const own = ours(cascade);
  return {
    seed,
    seconds: own.seconds,
    changed: own.changed.length,
    unchanged: own.changed.filter((i) => !cascade.changes.has(i)).length / Math.max(1, own.changed.length),
    unrelated: cascade.unrelated.length,
    methods: [own, byKs(cascade, asIs), byKs(cascade, differences)].map((result) => judged(cascade, result)),
  };
}

/** Every `of`-th of the seeds from the `part`-th on. */
function seedsOf(part, of) {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i).filter((_, i) => i % of === part);
}

function inProcess(part, of, onResult) {
  const args = [fileURLToPath(import.meta.url), ...process.argv.slice(2), "--part", `${part}/${of}`];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  createInterface({ input: child.stdout }).on("line", (line) => onResult(JSON.parse(line)));
  return new Promise((done, refuse) => {
    child.on("close", (status) => (status === 0 ? done() : refuse(new Error(`a process ended with ${status}`))));
  });
}

/** A share with Wilson's interval. */
function wilson(hits, n) {
  const z = 1.96;
  const p = hits / n;
  const middle = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))) / (1 + (z * z) / n);
  return `${hits} of ${n} = ${(100 * p).toFixed(0)} % [${(100 * (middle - half)).toFixed(0)}, ${(100 * (middle + half)).toFixed(0)}]`;
}

/** Mean over seeds with its interval. */
function meanOf(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
  const half = 1.96 * Math.sqrt(variance / values.length);
  return `${(100 * mean).toFixed(1)} % [${(100 * (mean - half)).toFixed(1)}, ${(100 * (mean + half)).toFixed(1)}]`;
}

function printSeed({ seed, seconds, changed, unrelated: others, methods: [own] }) {
  console.log(
    `seed ${seed}: first mover at place ${own.place || "-"}, ${(100 * own.found).toFixed(0)} % of movers found, ` +
      `${(100 * own.wrong).toFixed(1)} % of ${own.listed} false; ${changed} changed, ${others} unrelated; ${seconds.toFixed(1)} CPU s`,
  );
}

function printSummary(results) {
  console.log("");
  METHODS.forEach((name, m) => {
    const all = results.map(({ methods }) => methods[m]);
    const hits = all.filter(({ place }) => place > 0 && place <= TOP).length;
    console.log(
      `${name.padEnd(18)} first mover in the top ${TOP}: ${wilson(hits, all.length)}; found ${meanOf(all.map(({ found }) => found))}; ` +
        `false ${meanOf(all.map(({ wrong }) => wrong))}; in a list as long as the movers are many ${meanOf(all.map(({ foundInAsMany }) => foundInAsMany))}`,
    );
  });
  console.log(
    `listed by around although nothing changed in them: ${meanOf(results.map(({ unchanged }) => unchanged))}`,
  );
  console.log(`CPU of around: at most ${Math.max(...results.map(({ seconds }) => seconds)).toFixed(1)} s a seed`);
}

if (given.part !== undefined) {
  const [part, of] = given.part.split("/").map(Number);
  for (const seed of seedsOf(part, of)) console.log(JSON.stringify(measure(seed)));
} else {
  const results = [];
  const take = (result) => {
    results.push(result);
    printSeed(result);
  };
  const processes = Number(given.processes);
  if (processes > 1) {
    await Promise.all(Array.from({ length: processes }, (_, part) => inProcess(part, processes, take)));
  } else for (const seed of seedsOf(0, 1)) take(measure(seed));
  printSummary(results);
}
