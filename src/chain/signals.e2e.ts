import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../cli/serve/testing/running-serve.js";
import { seededRandom } from "../math/random.js";
import { loadModel } from "../model/folder.js";
import { openPlace, type Place, parseLines } from "./testing/place.js";

/** Ten moments into each command; enough of a fleet that each takes a few seconds. */
const MOMENTS = 10;
/**
 * What a command may still do once it was sent a signal, in CPU time: how long that takes on a busy machine is the machine's. On an idle one
 * it is a second at most.
 */
const WITHIN_CPU_MS = 1000;
/** The moments lie in this much of a command that lasts longer, so that ten of them do not take minutes. */
const FIRST_MS = 5000;
/** What a command would find done by an earlier run of it, and then have nothing left to be interrupted in. */
const DONE_BEFORE = ["out/plots", "out/again.ndjson", "out/report.html", "out/report.png"];

/** Loaded into the command: writes a file once it listens to signals, and into another one what CPU time it has used in the end. */
const WITNESS = `
  const { isMainThread } = require("node:worker_threads");
  const { writeFileSync } = require("node:fs");
  if (isMainThread) {
    process.on("newListener", (event) => {
      if (event === "SIGTERM") process.nextTick(() => writeFileSync(process.env.LISTENS, ""));
    });
    process.on("exit", () => {
      const { user, system } = process.cpuUsage();
      writeFileSync(process.env.USED, String((user + system) / 1000));
    });
  }
`;
const SIGNALS = [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const;

let place: Place;
beforeAll(async () => {
  place = openPlace();
  writeFileSync(place.path("witness.cjs"), WITNESS);
  const made = await place.sh(
    "anomaly simulate fleet --machines 30 --days 45 --live-days 6 --incidents 40 --seed 3 -q && " +
      "anomaly train fleet/history -q && anomaly infer fleet --lookback 6d -q -o out/anomalies.ndjson && " +
      "anomaly hydrate out/anomalies.ndjson --data fleet -q -o out/hydrated.ndjson",
  );
  expect(made.status, made.stderr).toBe(0);
}, 600_000);
afterAll(() => place?.remove());

const COMMANDS: readonly (readonly [name: string, line: string])[] = [
  ["train", "anomaly train fleet/history --model again -q"],
  ["infer", "anomaly infer fleet --lookback 6d --fresh -q -o out/family.ndjson"],
  [
    "infer --detector residual",
    "anomaly infer fleet --lookback 6d --detector residual --fresh -q -o out/residual.ndjson",
  ],
  ["hydrate", "anomaly hydrate out/anomalies.ndjson --data fleet -q -o out/again.ndjson"],
  ["plot", "anomaly plot out/hydrated.ndjson -q -o out/plots"],
  ["report", "anomaly report out/hydrated.ndjson -q -o out/report.html --png out/report.png"],
  ["backtest", "anomaly backtest fleet --labels fleet/truth.json -q -o out/backtest"],
];

/** Starts a command, and waits until it listens to signals: before that one ends it as it ends any process. */
async function listening(line: string) {
  const [listens, used] = [place.path("..listens"), place.path("..used")];
  for (const path of [listens, used]) rmSync(path, { force: true });
  const env = { NODE_OPTIONS: `--require ${place.path("witness.cjs")}`, LISTENS: listens, USED: used };
  const { child, ended } = place.start(line, { env });
  await eventually(() => (existsSync(listens) || child.exitCode !== null ? true : undefined));
  return { child, ended, hasEnded: () => existsSync(used), cpuMsInTheEnd: () => Number(readFileSync(used, "utf8")) };
}

/** What a process has used so far, by the kernel's clock ticks of 10 ms; 0 once it has ended. */
function cpuMs(pid: number | undefined): number {
  try {
    const [, , ...fields] = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /, "0 0 ")
      .split(" ");
    return 10 * (Number(fields[11]) + Number(fields[12]));
  } catch {
    return 0;
  }
}

/** Every file is whole: it can be read to its end. Nothing hidden is left, as locks and files being written are. */
function expectWhole(): void {
  for (const name of place.files()) {
    expect(name, "a lock or a half-written file is left").not.toMatch(/(^|\/)\.[^/]*\.(lock|tmp|scratch)$/);
    const path = place.path(name);
    if (name.endsWith(".ndjson")) expect(() => parseLines(readFileSync(path, "utf8")), name).not.toThrow();
    else if (name.endsWith(".json")) expect(() => JSON.parse(readFileSync(path, "utf8")), name).not.toThrow();
    else if (name.endsWith(".html")) expect(readFileSync(path, "utf8").trimEnd().endsWith("</html>"), name).toBe(true);
    else if (name.endsWith(".png")) expect(readFileSync(path).subarray(-8, -4).toString("latin1"), name).toBe("IEND");
    else if (name.endsWith("model.bin")) expect(() => loadModel(path, ""), name).not.toThrow();
  }
}

describe("a signal at any moment", () => {
  test.each(COMMANDS)(
    "ends %s at 130 or 143 with little more done, and nothing half-written",
    async (name, line) => {
      const undisturbed = await listening(line);
      const beganMs = performance.now();
      const whole = await undisturbed.ended;
      expect([0, 1], whole.stderr).toContain(whole.status);
      const lastsMs = performance.now() - beganMs;
      const random = seededRandom(line.length);
      let heard = 0;
      for (let moment = 0; moment < MOMENTS; moment++) {
        const [signal, status] = SIGNALS[moment % SIGNALS.length];
        for (const one of DONE_BEFORE) rmSync(place.path(one), { recursive: true, force: true });
        const { child, ended, hasEnded, cpuMsInTheEnd } = await listening(line);
        const atMs = random() * Math.min(lastsMs, FIRST_MS);
        let before = Number.NaN;
        const timer = setTimeout(() => {
          before = cpuMs(child.pid);
          child.kill(signal);
        }, atMs);
        const end = await ended;
        clearTimeout(timer);
        const where = `${signal} after ${atMs.toFixed(0)} of ${lastsMs.toFixed(0)} ms`;
        // Node takes its listeners down before the process is gone, when all is done and said.
        if (end.signal !== null) expect(hasEnded(), where).toBe(true);
        // One that had ended before, or whose work was done when it heard of it, has ended as it would have.
        if (end.signal === null && end.status !== status)
          expect([0, 1], `${where}: ${end.stderr}`).toContain(end.status);
        if (end.status === status) {
          heard++;
          expect(cpuMsInTheEnd() - before, where).toBeLessThan(WITHIN_CPU_MS);
        }
        expectWhole();
      }
      // These two are at their end soon after they start: they may be done by the time they hear of the signal.
      if (name !== "report" && name !== "hydrate")
        expect(heard, "moments that ended it at its status").toBeGreaterThan(0);
    },
    600_000,
  );
});
