import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadServers } from "../../sources/servers.js";
import { FAULTS, faultyUpstream } from "./faulty-upstream.js";
import { fleet } from "./fleet.js";
import { idleThread } from "./idle-thread.js";
import { BIN, episodesIn, served, settings } from "./served.js";
import { smallDisk } from "./small-disk.js";
import { steppedClock } from "./stepped-clock.js";
import { verdict } from "./verdict.js";

/*
 * anomaly serve over a real VictoriaMetrics with faults: an upstream that is away, hangs, is slow, wrong, cut off or restarted; a disk that is full
 * for a minute; a clock that is set ahead and back. One serve is killed with -9 every minute, another one lives through all of it. At the end an
 * `infer` that saw no fault looks at the same data: every episode must be there once, with the same begin, kind and score.
 */

const SERIES = 30;
const LOOK_MS = 5000;
/** A third of each minute is the upstream's fault. */
const PART_MS = 20_000;
/** A clock that is set ahead finds slots before their time: the soak has to last until they are due. */
const STEP_S = 90;

const { values: options } = parseArgs({ options: { minutes: { type: "string", default: "30" } } });
const minutes = Number(options.minutes);
const say = (text) => process.stderr.write(`${text}\n`);
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

const servers = await loadServers();
if (!servers.victoriaAvailable()) {
  say("the soak needs victoria-metrics; apt-get install victoria-metrics");
  servers.remove();
  process.exit(0);
}
const folder = mkdtempSync(join(tmpdir(), "anomaly-soak-"));
const disk = smallDisk(join(folder, "disk"));
const clock = steppedClock(folder);
if (!disk.isReal) say("the disk is not filled: a tmpfs cannot be mounted here, which takes root");
if (!clock.isReal) say("the clock is not set: libfaketime is not installed; apt-get install libfaketime");
const upstream = await servers.startVictoria(fleet(SERIES, minutes));
const between = await faultyUpstream(upstream.url);
const killed = served(join(folder, "disk/killed"), between.url, clock.env);
const idle = idleThread();
const living = served(join(folder, "disk/living"), between.url, clock.env);

let isOver = false;
const looking = (async () => {
  while (!isOver) {
    await wait(LOOK_MS);
    const idleMs = await idle.longestMs();
    for (const [name, one] of Object.entries({ killed, living })) {
      const ms = await one.look(idleMs).catch(() => Number.NaN);
      if (ms > 50) say(`  ${name}: event loop blocked ${ms.toFixed(0)} ms, an idle thread ${idleMs.toFixed(0)} ms`);
    }
  }
})();

/** What is wrong with the machine in a minute, beside the upstream. */
const machineFault = (minute) => {
  const at = (share) => minute === Math.floor(minutes * share);
  if (at(0.3) && disk.isReal) return { name: "disk full", begin: disk.fill, end: disk.empty };
  if (!clock.isReal) return undefined;
  if (at(0.45)) return { name: `clock ${STEP_S} s ahead`, begin: () => clock.set(STEP_S), end: () => clock.set(0) };
  if (at(0.6)) return { name: `clock ${STEP_S} s back`, begin: () => clock.set(-STEP_S), end: () => clock.set(0) };
  return undefined;
};

try {
  await Promise.all([killed.start(), living.start()]);
  let kills = 0;
  const untilMs = Date.now() + minutes * 60_000;
  for (let minute = 0; Date.now() < untilMs; minute++) {
    const machine = machineFault(minute);
    const fault = FAULTS[minute % FAULTS.length];
    machine?.begin();
    say(`minute ${minute}: upstream ${fault}${machine === undefined ? "" : `, ${machine.name}`}`);
    await wait(PART_MS);
    if (fault === "restarted") await upstream.down();
    between.state.mode = fault;
    await wait(PART_MS);
    between.state.mode = "good";
    if (fault === "restarted") await upstream.up();
    // Not always at the same moment of a run.
    await wait(PART_MS - (minute % 7) * 1000);
    await killed.kill("SIGKILL");
    kills++;
    await killed.start();
    machine?.end();
  }
  // One last run of each on a good upstream.
  const lastMs = Date.now();
  for (const one of [killed, living]) {
    while ((await one.succeededMs()) < lastMs + 5000) await wait(500);
  }
  isOver = true;
  await looking;
  await Promise.all([killed.kill("SIGTERM"), living.kill("SIGTERM")]);
  writeFileSync(join(folder, "whole.yaml"), settings(upstream.url));
  const args = ["infer", "--config", "whole.yaml", "--job", "load", "--fresh", "-o", "whole.ndjson", "-q"];
  const whole = spawnSync("node", [BIN, ...args], { cwd: folder, encoding: "utf8" });
  if (whole.status !== 0) throw new Error(whole.stderr);
  const { lines, isGood } = verdict({ minutes, kills, calm: episodesIn(join(folder, "whole.ndjson")), killed, living });
  process.stdout.write(`${lines.join("\n")}\n`);
  process.exitCode = isGood ? 0 : 1;
} catch (thrown) {
  say(`killed:\n${killed.log().slice(-2000)}\nliving:\n${living.log().slice(-2000)}`);
  throw thrown;
} finally {
  isOver = true;
  await Promise.all([killed.kill("SIGKILL"), living.kill("SIGKILL")]);
  await idle.close();
  between.close();
  await upstream.stop();
  servers.remove();
  disk.remove();
  rmSync(folder, { recursive: true, force: true });
}
