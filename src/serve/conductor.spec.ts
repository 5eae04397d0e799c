import { afterEach, describe, expect, test } from "vitest";
import { type Conductor, conductor, type Outcome } from "./conductor.js";
import { Findings } from "./findings.js";
import type { ServedJob } from "./run/order.js";

/** A thread that answers as the real one does; how long and how well a run goes is in the job's records path: `ok:20`, `locked:1`. */
const SCRIPT = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from "node:worker_threads";
    const tries = new Map();
    parentPort.on("message", ({ id, body }) => {
      const answer = (kind, more) => parentPort.postMessage({ id, body: { kind, ...more } });
      if (body.kind !== "run") return answer("result", { result: null });
      const { records, job } = body.served;
      const [how, ms] = records.split(":");
      const tried = (tries.get(job.name) ?? 0) + 1;
      tries.set(job.name, tried);
      if (how === "die") process.exit(3);
      setTimeout(() => {
        if (how === "locked" && tried === 1) return answer("failure", { failure: { code: "locked", exitCode: 75, message: "held by 1" } });
        if (how === "fail") return answer("failure", { failure: { code: "source.x", exitCode: 1, message: "no answer" } });
        answer("result", { result: { seconds: ms / 1000, fetchedSeries: 0, ids: null, added: 0, shed: 0, warmBytes: 0, totals: { failed: 0 }, untilMs: 0 } });
      }, Number(ms));
    });`)}`,
);

const job = (name: string, how: string, everyMs: number) =>
  ({ job: { name, source: { source: "graphite" } }, everyMs, records: how }) as unknown as ServedJob;

const opened: Conductor[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.stop();
});

/** A clock that begins far from a full hour, at which an hourly job would be due again. */
const BEGAN_MS = performance.now();
const clock = () => Date.UTC(2025, 6, 1, 10, 20) + performance.now() - BEGAN_MS;

function open(nowMs: () => number = clock) {
  const heard: { readonly job: string; readonly outcome: Outcome }[] = [];
  const missed: number[] = [];
  const deaths: string[] = [];
  const fetchErrors: string[] = [];
  const findings = new Findings();
  const waits: (() => void)[] = [];
  const runner = conductor(
    {
      findings,
      nowMs,
      mostWarmBytes: null,
      queues: null,
      events: {
        onRun: (name, outcome) => {
          heard.push({ job: name, outcome });
          for (const wait of waits.splice(0)) wait();
        },
        onFetchError: (_, source, kind) => fetchErrors.push(`${source} ${kind}`),
        onMissed: (_, runs) => missed.push(runs),
        onNote: () => {},
        onQueued: () => {},
        onThreadDeath: (reason) => deaths.push(reason),
      },
    },
    SCRIPT,
  );
  opened.push(runner);
  /** Resolves once so many runs have ended. */
  const runs = async (count: number) => {
    while (heard.length < count) await new Promise<void>((wait) => waits.push(wait));
  };
  return { runner, findings, heard, missed, deaths, fetchErrors, runs };
}

describe("the conductor", () => {
  test("runs a new job at once, and again on its interval", async () => {
    const { runner, heard, runs } = open();
    runner.setJobs([job("a", "ok:1", 50), job("slow", "ok:1", 3_600_000)]);
    runner.start();
    await runs(4);
    expect(heard.filter((one) => one.job === "slow")).toHaveLength(1);
    expect(heard.filter((one) => one.job === "a").length).toBeGreaterThanOrEqual(3);
  });

  test("never overlaps a run with itself, and counts what it missed", async () => {
    const { runner, heard, missed, runs } = open();
    runner.setJobs([job("a", "ok:200", 20)]);
    runner.start();
    await runs(2);
    expect(heard.length).toBe(2);
    expect(missed.reduce((sum, one) => sum + one, 0)).toBeGreaterThanOrEqual(5);
  });

  test("keeps a job's turn over a reload in the middle of its run, and forgets one that is gone", async () => {
    const { runner, findings, heard, runs } = open();
    runner.setJobs([job("a", "ok:100", 40), job("gone", "ok:1", 3_600_000)]);
    runner.start();
    await runs(1);
    runner.setJobs([job("a", "ok:1", 40)]);
    await runs(heard.length + 4);
    expect(findings.all().map(({ name }) => name)).toEqual(["a"]);
    expect(findings.get("a")?.health).toMatchObject({ failure: null, hasRun: true });
  });

  test("tries a job whose files another process holds again soon, not an hour later", async () => {
    let aheadMs = 0;
    const { runner, findings, heard, runs } = open(() => clock() + aheadMs);
    runner.setJobs([job("a", "locked:1", 3_600_000)]);
    runner.start();
    await runs(1);
    expect(findings.get("a")?.health.hasRun).toBe(false);
    aheadMs = 2000;
    await runs(2);
    expect(heard.map(({ outcome }) => outcome)).toEqual(["locked", "ok"]);
    expect(findings.get("a")?.health).toMatchObject({ failure: null, hasRun: true });
  });

  test("a failing job and a dying thread keep no other job from running", async () => {
    const { runner, findings, deaths, fetchErrors, heard, runs } = open();
    runner.setJobs([job("bad", "fail:1", 60), job("dies", "die:0", 150), job("good", "ok:1", 40)]);
    runner.start();
    await runs(12);
    expect(deaths.length).toBeGreaterThan(0);
    expect(findings.get("bad")?.health.failure).toBe("no answer");
    expect(new Set(fetchErrors)).toEqual(new Set(["graphite x"]));
    expect(heard.some((one) => one.job === "good" && one.outcome === "ok")).toBe(true);
  });

  test("once runs every job one time and says how each went", async () => {
    const { runner } = open();
    runner.setJobs([job("a", "ok:1", 10), job("b", "fail:1", 10)]);
    expect([...(await runner.once())]).toEqual([
      ["a", "ok"],
      ["b", "failed"],
    ]);
  });
});
