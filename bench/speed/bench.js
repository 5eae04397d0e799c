import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { loadModel } from "../../dist/model/folder.js";
import { growth } from "./growth.js";
import { measureLive } from "./live.js";
import { measured, median, medians } from "./measured.js";
import { peerFolder, runPandas, runPeer } from "./peer.js";
import { report } from "./report.js";

/*
 * Speed and memory: ours and the peer's in turn, on the same data, in the same run; medians of the rounds, and ratios.
 *
 *     npm run bench -- [--json] [--rounds N] [--peer FOLDER] [--mode seed|forest]… [--only PART]… [--growth] [--small]
 *
 * Without the peer's folder the fleet is our own simulation, and only ours is measured.
 */
const PARTS = ["train", "stages", "read", "infer", "start", "model", "live"];
const { values: asked } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    rounds: { type: "string", default: "3" },
    peer: { type: "string" },
    mode: { type: "string", multiple: true, default: ["seed", "forest"] },
    only: { type: "string", multiple: true, default: PARTS },
    growth: { type: "boolean", default: false },
    // The packaged fleet once: shows that every part runs, not how fast anything is.
    small: { type: "boolean", default: false },
  },
});
const rounds = asked.small ? 1 : Number(asked.rounds);
const unknown = asked.only.find((part) => !PARTS.includes(part));
if (!(rounds >= 1) || unknown !== undefined) {
  console.error(
    unknown ? `bench has no part "${unknown}"; it has ${PARTS.join(", ")}` : "--rounds needs a number from 1",
  );
  process.exit(2);
}
const wants = (part) => asked.only.includes(part);
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const ANOMALY = join(ROOT, "bin/anomaly.js");
const PLACE = join(ROOT, asked.small ? "out/bench/speed-small" : "out/bench/speed");
const say = (line) => console.error(line);
mkdirSync(PLACE, { recursive: true });

const peer = asked.small ? undefined : peerFolder(asked.peer);
if (peer === undefined) say("the peer is skipped: its scripts are not there; --peer or BENCH_PEER names their folder");
const fleet = asked.small ? join(ROOT, "data/fleet") : join(PLACE, "fleet");
if (!existsSync(join(fleet, "history"))) makeFleet(fleet);
const history = join(fleet, "history");
const csvBytes = readdirSync(history).reduce((sum, name) => sum + statSync(join(history, name)).size, 0);

const result = {
  date: new Date().toISOString().slice(0, 10),
  machine: `${availableParallelism()} cores, ${cpus()[0]?.model ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GB`,
  node: process.version,
  rounds,
  csvMb: csvBytes / 1e6,
  load: [],
};
const runs = {
  train: [],
  stages: [],
  cpu: [],
  pandas: [],
  infer: [],
  peer: Object.fromEntries(asked.mode.map((m) => [m, []])),
};
for (let round = 1; round <= rounds; round++) {
  // Whatever else the machine does belongs to the figures: ours and the peer's stand side by side in every round.
  result.load.push(Number(readFileSync("/proc/loadavg", "utf8").split(" ")[0]));
  if (wants("train")) {
    const words = ["train", history, "--models-dir", join(PLACE, "models"), "--quiet"];
    const { seconds, cpu, peakMb } = measured("node", [ANOMALY, ...words]);
    runs.train.push({ seconds, cpu, peakMb });
    say(`round ${round}: train ${seconds.toFixed(1)} s, ${cpu.toFixed(1)} CPU s, ${peakMb.toFixed(0)} MB`);
    for (const mode of peer === undefined ? [] : asked.mode) {
      runs.peer[mode].push(runPeer(peer, mode, history));
      say(`round ${round}: peer ${mode} ${runs.peer[mode].at(-1).total} s`);
    }
  }
  if (wants("stages")) {
    const stages = measured("node", [join(ROOT, "bench/speed/stages.js"), history, "--threads", "2"], { cwd: ROOT });
    const { rows, seconds, cpu } = JSON.parse(stages.out);
    result.rows = rows;
    runs.stages.push(seconds);
    runs.cpu.push(cpu);
    say(`round ${round}: stages ${JSON.stringify(seconds)}`);
  }
  if (wants("read") && peer !== undefined) runs.pandas.push(runPandas(history));
  if (wants("infer")) {
    const words = [
      "infer",
      fleet,
      "--models-dir",
      join(PLACE, "models"),
      "--state-dir",
      join(PLACE, "state"),
      "--fresh",
    ];
    const { seconds, cpu, peakMb } = measured("node", [ANOMALY, ...words, "-q", "-o", "/dev/null"], { cwd: PLACE });
    runs.infer.push({ seconds, cpu, peakMb });
    say(`round ${round}: infer ${seconds.toFixed(1)} s`);
  }
}
if (runs.train.length > 0) result.train = medians(runs.train);
if (runs.stages.length > 0) Object.assign(result, { stages: medians(runs.stages), stagesCpu: medians(runs.cpu) });
if (runs.pandas.length > 0) result.pandasRead = median(runs.pandas);
if (runs.infer.length > 0) result.infer = medians(runs.infer);
result.peer = Object.fromEntries(
  Object.entries(runs.peer).flatMap(([m, of]) => (of.length > 0 ? [[m, medians(of)]] : [])),
);
if (wants("start")) result.start = starts();
if (wants("model")) result.model = modelFigures();
if (wants("live")) result.live = liveFigures(await (asked.small ? measureLive(20, 1) : measureLive(10_000, 8)));
if (asked.growth && peer !== undefined) result.growth = growth(peer, PLACE, ANOMALY, rounds, say);
console.log(asked.json ? JSON.stringify(result, null, 2) : report(result).join("\n"));

function makeFleet(folder) {
  say("making the fleet: 600 series of half a year at 20 minutes");
  const [command, args] =
    peer === undefined
      ? ["node", [ANOMALY, "simulate", "-o", folder, "--machines", "100", "--days", "183", "--quiet"]]
      : ["/usr/bin/python3", [join(peer, "make_fleet.py"), folder]];
  const done = spawnSync(command, args, { stdio: ["ignore", "ignore", "inherit"] });
  if (done.status !== 0) throw new Error(`${command} ${args.join(" ")} failed`);
}

/** Medians of 15 starts in turn (one of the small run), as ratios to `node -e 0`. */
function starts() {
  const one = join(PLACE, "one");
  mkdirSync(one, { recursive: true });
  const [name] = readdirSync(join(fleet, "live")).filter((file) => file.endsWith(".csv"));
  for (const part of ["history", "live"]) {
    const lines = readFileSync(join(fleet, part, name), "utf8")
      .trimEnd()
      .split("\n");
    const rows = part === "history" ? [lines[0], ...lines.slice(-28 * 72)] : lines;
    writeFileSync(
      join(one, `${name.replace(".csv", "")}-${part}.csv`),
      rows.map((row) => row.split(",", 2).join(",")).join("\n"),
    );
  }
  const models = join(PLACE, "models-one");
  spawnSync("node", [ANOMALY, "train", one, "--models-dir", models, "--quiet"]);
  const infer = ["infer", one, "--models-dir", models, "--state-dir", join(PLACE, "state-one"), "-q"];
  const commands = {
    node: ["-e", "0"],
    version: [ANOMALY, "--version"],
    help: [ANOMALY, "--help"],
    infer: [ANOMALY, ...infer, "-o", join(PLACE, "one.ndjson"), "--states", join(PLACE, "one-states.ndjson")],
  };
  const times = Object.fromEntries(Object.keys(commands).map((key) => [key, []]));
  for (let turn = 0; turn < (asked.small ? 1 : 15); turn++) {
    for (const [key, args] of Object.entries(commands)) {
      const beganMs = performance.now();
      spawnSync("node", args, { stdio: "ignore" });
      times[key].push(performance.now() - beganMs);
    }
  }
  rmSync(one, { recursive: true });
  return Object.fromEntries(Object.entries(times).map(([key, list]) => [`${key}Ms`, median(list)]));
}

function modelFigures() {
  const path = join(PLACE, "models/default/model.bin");
  if (!existsSync(path)) return undefined;
  const loads = Array.from({ length: 9 }, () => {
    const beganMs = performance.now();
    loadModel("default", join(PLACE, "models"));
    return performance.now() - beganMs;
  });
  // The first load is the one that a command sees: nothing is compiled yet.
  return { firstLoadMs: loads[0], loadMs: median(loads), mb: statSync(path).size / 1e6 };
}

function liveFigures({ series, bytesASeries, runs: of }) {
  const middle = (key) => median(of.map((run) => run[key]));
  return {
    series,
    kbASeries: bytesASeries / 1000,
    cpuSeconds: middle("seconds"),
    readingSeconds: middle("reading"),
    scoringSeconds: middle("scoring"),
    histories: middle("histories"),
  };
}
