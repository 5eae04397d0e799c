// How well anomaly around finds a cascade and its first mover among 10,000 series. Prints one line per seed and the shares with
// their 95 % intervals.
//
//     node bench/around/bench.js                    seeds 101 to 150, which nothing was chosen on
//     node bench/around/bench.js --small            three seeds of 1,000 series, for npm run bench:once
//     node bench/around/bench.js --seeds 1-10       the seeds that it was developed on
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { firstMovers, TOGETHER, whatMoved } from "../../dist/around/around.js";
import { falseShares } from "../../dist/around/false-share.js";
import { kolmogorovSmirnov } from "../../dist/evaluate/kolmogorov-smirnov.js";
import { DEFAULT_CASCADE, simulateCascade } from "../../dist/simulate/cascade.js";

const { values: given } = parseArgs({
  options: { small: { type: "boolean" }, seeds: { type: "string" }, unrelated: { type: "string" } },
});
const [first, last] = (given.seeds ?? (given.small ? "101-103" : "101-150")).split("-").map(Number);
const size = given.small ? { series: 1000, followers: 40 } : {};
const unrelated = given.unrelated === undefined ? {} : { unrelatedShare: Number(given.unrelated) };
const TOP = 3;
const SHARE = 0.1;
/** Netdata's baseline is four windows long and ends where the window begins; here as much of it as the lead has. */
const BASELINE_WINDOWS = 4;

/** The list and the first movers of anomaly around: what it says to belong together. */
function ours({ series, window, leadMs }) {
  const began = process.cpuUsage();
  const around = whatMoved(series, { window, leadMs });
  const { user, system } = process.cpuUsage(began);
  return {
    around,
    listed: around.movers.map(({ index }) => index),
    together: around.movers.filter(({ together }) => together >= TOGETHER).map(({ index }) => index),
    ranked: firstMovers(around, around.movers.length).map(({ index }) => index),
    seconds: (user + system) / 1e6,
  };
}

/** Differences of neighbouring values, which Netdata's ks2 compares; or the values themselves. */
const differences = (values) => values.subarray(1).map((value, i) => value - values[i]);
const asIs = (values) => values;

/** The ranking of a two-sample Kolmogorov–Smirnov test of the window against the time before it. */
function byKs({ series, window, leadMs }, of) {
  const tests = series.map(({ days: [values], stepMs }) => {
    const lead = leadMs / stepMs;
    const baseline = Math.min(lead, (BASELINE_WINDOWS * (window.endMs - window.startMs)) / stepMs);
    return kolmogorovSmirnov(of(values.subarray(lead - baseline, lead)), of(values.subarray(lead)));
  });
  const ranked = tests
    .map((_, i) => i)
    .sort((a, b) => tests[a].chance - tests[b].chance || tests[b].distance - tests[a].distance);
  const shares = falseShares(tests.map(({ chance }) => chance));
  return { ranked, listed: ranked.filter((i) => shares[i] <= SHARE) };
}

function judged({ cause, followers }, list, ranked) {
  const movers = new Set([cause, ...followers]);
  const found = list.filter((i) => movers.has(i)).length;
  return {
    place: ranked.indexOf(cause) + 1,
    found: found / movers.size,
    wrong: list.length === 0 ? 0 : 1 - found / list.length,
    listed: list.length,
  };
}

/** Wilson's interval of a share. */
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

const METHODS = ["around", "ks of values", "ks of differences"];
const results = new Map(METHODS.map((name) => [name, []]));
const sizes = new Map();
const seconds = [];
const unchanged = [];
for (let seed = first; seed <= last; seed++) {
  const began = performance.now();
  const cascade = simulateCascade({ ...DEFAULT_CASCADE, ...size, ...unrelated, seed });
  const own = ours(cascade);
  seconds.push(own.seconds);
  unchanged.push(own.listed.filter((i) => !cascade.changes.has(i)).length / Math.max(1, own.listed.length));
  const values = byKs(cascade, asIs);
  const diffs = byKs(cascade, differences);
  results.get("around").push(judged(cascade, own.together, own.ranked));
  results.get("ks of values").push(judged(cascade, values.listed, values.ranked));
  results.get("ks of differences").push(judged(cascade, diffs.listed, diffs.ranked));
  const same = (ranked) => judged(cascade, ranked.slice(0, own.together.length), ranked).found;
  sizes.set(seed, [same(values.ranked), same(diffs.ranked)]);
  if (!given.small || seed === first) {
    const { place, found, wrong, listed } = results.get("around").at(-1);
    console.log(
      `seed ${seed}: first mover at place ${place || "-"}, ${(100 * found).toFixed(0)} % of movers found, ${(100 * wrong).toFixed(1)} % of ${listed} false; ` +
        `${own.listed.length} changed, ${cascade.unrelated.length} unrelated, usual ${own.around.usualChanges.toFixed(1)}; ` +
        `${own.seconds.toFixed(1)} CPU s (${((performance.now() - began) / 1000).toFixed(0)} s in all)`,
    );
    if (process.env.MISSED) {
      const missed = {};
      for (const i of [cascade.cause, ...cascade.followers]) {
        if (own.listed.includes(i)) continue;
        const key = `${cascade.kinds[i]} ${cascade.changes.get(i).form}`;
        missed[key] = (missed[key] ?? 0) + 1;
      }
      const wrongKinds = {};
      for (const i of own.listed)
        if (!cascade.changes.has(i)) wrongKinds[cascade.kinds[i]] = (wrongKinds[cascade.kinds[i]] ?? 0) + 1;
      const notTogether = own.listed.filter((i) => cascade.followers.includes(i) && !own.together.includes(i)).length;
      console.log(
        "  missed",
        JSON.stringify(missed),
        "never changed",
        JSON.stringify(wrongKinds),
        "apart",
        notTogether,
        "cause",
        cascade.kinds[cascade.cause],
        JSON.stringify(cascade.changes.get(cascade.cause)),
      );
    }
  }
}
console.log("");
for (const name of METHODS) {
  const all = results.get(name);
  const hits = all.filter(({ place }) => place > 0 && place <= TOP).length;
  console.log(
    `${name.padEnd(18)} first mover in the top ${TOP}: ${wilson(hits, all.length)}; found ${meanOf(all.map(({ found }) => found))}; ` +
      `false ${meanOf(all.map(({ wrong }) => wrong))}`,
  );
}
console.log(`changed without any change: ${meanOf(unchanged)} of what around lists`);
const equal = [...sizes.values()];
console.log(
  `as long a list by ks: of values ${meanOf(equal.map(([v]) => v))} found, of differences ${meanOf(equal.map(([, d]) => d))}`,
);
console.log(`CPU: at most ${Math.max(...seconds).toFixed(1)} s a seed`);
