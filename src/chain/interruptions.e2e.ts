import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, type TestContext, test } from "vitest";
import { type GrafanaStandIn, startGrafanaStandIn } from "../sources/testing/grafana-standin.js";
import { openPlace, type Place, type Started } from "./testing/place.js";
import { expectSentence } from "./testing/sentence.js";

const GRAFANA = "--source grafana --datasource-uid u --template 'f.{machine}.{aggregator}'";

let place: Place;
let grafana: GrafanaStandIn;
beforeAll(async () => {
  place = openPlace({ env: { GRAFANA_SERVICE_ACCOUNT_TOKEN: "glsa_t" } });
  const trained = await place.sh("anomaly train data/fleet/history -q");
  expect(trained.status, trained.stderr).toBe(0);
}, 600_000);
afterAll(() => place?.remove());
// One for each test: requests of a run that was ended may still be on their way when the next test begins.
beforeEach(async () => {
  // It takes requests and never answers: a run against it stays where it is until a test ends it.
  grafana = await startGrafanaStandIn(undefined, "glsa_t", "u");
  grafana.failWhere({ kind: "silent" });
});
afterEach(() => grafana.stop());

/** Resolves once it is so; the command's end ends the waiting too. */
async function waitUntil(isSo: () => boolean, { child }: Started): Promise<void> {
  while (!isSo() && child.exitCode === null && child.signalCode === null) {
    await new Promise((turn) => setImmediate(turn));
  }
}
const hidden = () => place.files().filter((name) => /(^|\/)\.[^/]*$/.test(name));

/** Starts a run that hangs at its first request. */
async function hanging(line: string, stdin?: string): Promise<Started> {
  const run = place.start(line, { stdin, env: { GRAFANA_URL: grafana.url } });
  await waitUntil(() => grafana.requests.length > 0, run);
  return run;
}

describe("a run that waits for a server", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("ended by %s: status %i, no words, and nothing left", async (signal, status) => {
    const before = place.snapshot();
    const run = await hanging(`anomaly infer ${GRAFANA} -o out/new.ndjson`);
    expect(hidden()).toEqual(["out/.new.ndjson.lock", "out/state/.default.json.lock"]);
    run.child.kill(signal);
    expect(await run.ended).toEqual({ status, signal: null, stdout: "", stderr: "" });
    expect(place.snapshot()).toEqual(before);
  });

  test("hydrate ended by Ctrl-C leaves the earlier file as it was", async () => {
    const found = await place.sh("anomaly infer data/fleet -q -o -");
    writeFileSync(place.path("hydrated.ndjson"), "");
    const before = place.snapshot();
    const run = await hanging(`anomaly hydrate ${GRAFANA} -o hydrated.ndjson`, found.stdout);
    run.child.kill("SIGINT");
    expect(await run.ended).toMatchObject({ status: 130, stderr: "" });
    expect(place.snapshot()).toEqual(before);
  });

  test("a second one stops at once with 75 and names the lock; after kill -9 of the first the next takes over", async () => {
    const first = await hanging(`anomaly infer ${GRAFANA} -o out/one.ndjson`);
    const before = place.snapshot();
    const second = await place.sh("anomaly infer data/fleet -o out/one.ndjson");
    expectSentence(second, 75, new RegExp(`pid ${first.child.pid}\\) holds out/.*\\.lock`));
    expect(place.snapshot()).toEqual(before);
    first.child.kill("SIGKILL");
    expect((await first.ended).signal).toBe("SIGKILL");
    const third = await place.sh("anomaly infer data/fleet -q -o out/one.ndjson");
    expect(third).toMatchObject({ status: 0, stderr: "" });
    expect(hidden()).toEqual([]);
  });

  test("two that write different files for different models do not hinder each other", async () => {
    const first = await hanging(`anomaly infer ${GRAFANA} -o out/one.ndjson`);
    const other = await place.sh("anomaly infer data/fleet -q -o out/two.ndjson --state-dir out/other");
    expect(other).toMatchObject({ status: 0, stderr: "" });
    first.child.kill("SIGINT");
    await first.ended;
  });
});

describe("train ended by kill -9 while it writes", () => {
  test("the model is the old or the new one, whole, and the next run clears up", async () => {
    const folder = place.path("models/default");
    const isWriting = () => readdirSync(folder).some((name) => name.endsWith(".tmp"));
    for (let round = 0; round < 3; round++) {
      const run = place.start("anomaly train data/fleet/history -q");
      await waitUntil(isWriting, run);
      run.child.kill("SIGKILL");
      await run.ended;
      const shown = await place.sh("anomaly infer data/fleet -q -o /dev/null");
      expect(shown).toMatchObject({ status: 0, stderr: "" });
    }
    // Such a file need not have been left by the kills above, which may have come too late.
    writeFileSync(`${folder}/.model.bin.${await deadPid()}.0123abcd.tmp`, "half");
    expect(await place.sh("anomaly train data/fleet/history -q")).toMatchObject({ status: 0, stderr: "" });
    expect(readdirSync(folder).sort()).toEqual(["manifest.json", "model.bin"]);
    expect(hidden()).toEqual([]);
  });

  test("plot clears up too", async () => {
    mkdirSync(place.path("out/plots"), { recursive: true });
    writeFileSync(place.path(`out/plots/.overview.png.${await deadPid()}.0123abcd.tmp`), "half");
    const line = "anomaly infer data/fleet -q | anomaly plot --data data/fleet --overview-only -q";
    expect(await place.sh(line)).toMatchObject({ status: 0, stdout: "", stderr: "" });
    expect(place.files("out/plots")).toEqual([".drawn.json", "overview.png"]);
  });

  async function deadPid(): Promise<string> {
    return (await place.sh("echo $$")).stdout.trim();
  }
});

describe("disks", () => {
  /** Mounts a tmpfs, and skips where that is not permitted. */
  async function onTmpfs(context: TestContext, options: string, work: (name: string) => Promise<void>): Promise<void> {
    const name = `mount-${options.replace(/\W/g, "")}`;
    mkdirSync(place.path(name));
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", place.path(name)], { stdio: "pipe" });
    } catch {
      context.skip("a tmpfs cannot be mounted here");
    }
    try {
      await work(name);
    } finally {
      execFileSync("umount", [place.path(name)]);
    }
  }

  test("a read-only file system (where one can be mounted) is named by every command that writes", async (context) => {
    const records = (await place.sh("anomaly infer data/fleet -q -o -")).stdout;
    await onTmpfs(context, "ro", async (name) => {
      const says = new RegExp(`cannot write ${name}/.*read-only`);
      const runs = [
        place.sh(`anomaly train data/fleet/history -q --models-dir ${name}`),
        place.sh(`anomaly infer data/fleet -q -o ${name}/a.ndjson`),
        place.sh(`anomaly infer data/fleet -q -o - --state-dir ${name}`),
        place.sh(`anomaly hydrate --data data/fleet -q -o ${name}/h.ndjson`, { stdin: records }),
        place.sh(`anomaly plot --data data/fleet -q --overview-only -o ${name}/plots`, { stdin: records }),
        place.sh(`anomaly simulate ${name}/fleet --machines 1 --days 8 -q`),
      ];
      for (const run of await Promise.all(runs)) expectSentence(run, 1, says);
      expect(place.files(name)).toEqual([]);
    });
  });

  test("a full disk (where one can be mounted) leaves the old model whole and nothing half-written", async (context) => {
    // One model of this fleet fits, and not a second one beside it.
    await onTmpfs(context, "size=256k", async (name) => {
      const train = `anomaly train data/fleet/history -q --models-dir ${name}`;
      expect(await place.sh(train)).toMatchObject({ status: 0, stderr: "" });
      const before = place.snapshot();
      expectSentence(await place.sh(train), 1, new RegExp(`cannot write ${name}/default/model.bin: the disk is full`));
      expect(place.snapshot()).toEqual(before);
      const inferred = await place.sh(`anomaly infer data/fleet -q --models-dir ${name} -o -`);
      expect(inferred).toMatchObject({ status: 0, stderr: "" });
    });
  });

  test("a full disk is reported by plot and simulate as well", async (context) => {
    const records = (await place.sh("anomaly infer data/fleet -q -o -")).stdout;
    await onTmpfs(context, "size=16k", async (name) => {
      const drawn = await place.sh(`anomaly plot --data data/fleet -q -o ${name}/plots`, { stdin: records });
      expectSentence(drawn, 1, /the disk is full/);
      const made = await place.sh(`anomaly simulate ${name}/fleet --machines 2 --days 30 -q`);
      expectSentence(made, 1, /the disk is full/);
      expect(place.files(name).filter((file) => !file.endsWith(".png"))).toEqual([]);
    });
  });
});

describe("exit status and pipes", () => {
  test("a reader that goes away is no error, for any part of the pipe", async () => {
    const lines = [
      "anomaly infer data/fleet --lookback 3d -q | head -1",
      "anomaly infer data/fleet --lookback 3d -q | anomaly hydrate --data data/fleet -q | head -c 100",
      "anomaly hydrate one.ndjson --data data/fleet -q -o - | true",
      "anomaly train data/fleet/history -q --json | true",
      "anomaly --help | true",
    ];
    expect((await place.sh("anomaly infer data/fleet --lookback 3d -q -o one.ndjson")).status).toBe(0);
    for (const line of lines) expect(await place.sh(line), line).toMatchObject({ status: 0, stderr: "" });
  });

  test("--fail-on anomaly: 3 where some are found and written, 0 where there are none", async () => {
    const some = await place.sh("anomaly infer data/fleet -q --fail-on anomaly -o out/some.ndjson");
    expect(some).toMatchObject({ status: 3, stderr: "" });
    expect(place.read("out/some.ndjson").trimEnd().split("\n")).toHaveLength(5);
    const none = await place.sh(
      "anomaly infer data/fleet -q --fail-on anomaly --at 2025-06-30T12:00Z --lookback 20min -o out/none.ndjson",
    );
    expect(none).toMatchObject({ status: 0, stderr: "" });
    expect(existsSync(place.path("out/none.ndjson"))).toBe(true);
  });

  test("a step that fails in the middle of the pipe fails the pipe, and no picture is drawn from nothing", async () => {
    const run = await place.sh(
      "anomaly infer data/fleet --model nosuch | anomaly hydrate --data data/fleet -q | anomaly plot -q -o nothing",
    );
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/^error: there is no model "nosuch"[^\n]*\n$/);
    expect(place.files("nothing")).toEqual([]);
  });
});
