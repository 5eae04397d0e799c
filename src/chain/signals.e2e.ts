import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seededRandom } from "../math/random.js";
import { loadModel } from "../model/folder.js";
import { openPlace, type Place, parseLines } from "./testing/place.js";

/** Ten moments into each command; enough of a fleet that each takes a few seconds. */
const MOMENTS = 10;
const WITHIN_MS = 1000;
/** The moments lie in this much of a command that lasts longer, so that ten of them do not take minutes. */
const FIRST_MS = 5000;
/** What a command would find done by an earlier run of it, and then have nothing left to be interrupted in. */
const DONE_BEFORE = ["out/plots", "out/again.ndjson", "out/report.html", "out/report.png"];
/** What Node itself takes to start on a machine that has nothing else to do; a busy one is given as much longer, up to a limit. */
const IDLE_START_MS = 60;
const MOST_SLOWNESS = 4;
/** The commands listen from this moment on; before it Node has not come up, and a signal ends it as it ends any process. */
const LISTENS_MS = 400;

/** How many times slower than an idle machine this one is just now. */
function slowness(): number {
  const beganMs = performance.now();
  execFileSync(process.execPath, ["-e", "0"]);
  return Math.min(MOST_SLOWNESS, Math.max(1, (performance.now() - beganMs) / IDLE_START_MS));
}
const SIGNALS = [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const;

let place: Place;
beforeAll(async () => {
  place = openPlace();
  const made = await place.sh(
    "anomaly simulate fleet --machines 30 --days 45 --live-days 6 --incidents 40 --seed 3 -q && " +
      "anomaly train fleet/history -q && anomaly infer fleet --lookback 6d -q -o out/anomalies.ndjson && " +
      "anomaly hydrate out/anomalies.ndjson --data fleet -q -o out/hydrated.ndjson",
  );
  expect(made.status, made.stderr).toBe(0);
}, 240_000);
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
    "ends %s within a second at 130 or 143, with nothing half-written",
    async (name, line) => {
      const beganMs = performance.now();
      const whole = await place.start(line).ended;
      expect([0, 1], whole.stderr).toContain(whole.status);
      const lastsMs = performance.now() - beganMs;
      const random = seededRandom(line.length);
      let heard = 0;
      for (let moment = 0; moment < MOMENTS; moment++) {
        const [signal, status] = SIGNALS[moment % SIGNALS.length];
        for (const name of DONE_BEFORE) rmSync(place.path(name), { recursive: true, force: true });
        const slower = slowness();
        const { child, ended } = place.start(line);
        const atMs = 150 + random() * Math.max(0, Math.min(lastsMs, FIRST_MS) - 150);
        const timer = setTimeout(() => child.kill(signal), atMs);
        let sentMs = Number.POSITIVE_INFINITY;
        child.once("spawn", () => {
          sentMs = performance.now() + atMs;
        });
        const end = await ended;
        clearTimeout(timer);
        // One that had ended before, or whose work was done when it heard of it, has ended as it would have.
        if (end.signal === null && end.status !== status) expect([0, 1]).toContain(end.status);
        if (atMs > LISTENS_MS * slower) expect(end.signal, `nobody listened after ${atMs.toFixed(0)} ms`).toBeNull();
        if (end.status === status) heard++;
        expect(
          performance.now() - sentMs,
          `${signal} after ${atMs.toFixed(0)} of ${lastsMs.toFixed(0)} ms`,
        ).toBeLessThan(WITHIN_MS * slower);
        expectWhole();
      }
      // These two are at their end soon after they start: they may be done by the time they hear of the signal.
      if (name !== "report" && name !== "hydrate")
        expect(heard, "moments that ended it at its status").toBeGreaterThan(0);
    },
    240_000,
  );
});
