import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DEFAULT_KNOBS } from "../anomalies/knobs.js";
import { WAVE_SLOTS_A_DAY, WAVE_START_MS, WAVE_STEP_MS, wave } from "../detectors/testing/wave.js";
import { fileRunStore } from "../store/run/file-run-store.js";
import { DAY_MS } from "../time/duration.js";
import type { Job } from "./job.js";
import { openJob, type RunContext, runJob } from "./run-job.js";
import { testSource } from "./testing/source-spec.js";

const DAYS = 18;
const INCIDENT = 16 * WAVE_SLOTS_A_DAY + 30;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "run-job-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Three machines as CSV up to a slot; one has an incident. */
function writeFleet(slots: number): void {
  const machines = [1, 2, 3].map((seed) => wave(DAYS, seed).values);
  machines[1].fill(80, INCIDENT, INCIDENT + 6);
  const rows = Array.from({ length: slots }, (_, i) =>
    [(WAVE_START_MS + i * WAVE_STEP_MS) / 1000, ...machines.map((values) => values[i])].join(","),
  );
  writeFileSync(join(folder, "lag.csv"), `time,n1,n2,n3\n${rows.join("\n")}\n`);
}

function job(changes: Partial<Job> = {}): Job {
  return {
    name: null,
    source: testSource({ paths: [join(folder, "lag.csv")] }),
    detector: "auto",
    model: { name: "default", folder: join(folder, "models"), isRequired: false },
    threshold: null,
    knobs: DEFAULT_KNOBS,
    range: { lookback: 3 * DAY_MS },
    timezone: null,
    isFresh: false,
    withEvidence: false,
    ...changes,
  };
}

function context(changes: Partial<RunContext> = {}): RunContext {
  return {
    env: {},
    nowMs: () => WAVE_START_MS + DAYS * DAY_MS,
    signal: new AbortController().signal,
    warn: () => {},
    debug: () => {},
    onProgress: () => {},
    store: fileRunStore(join(folder, "state"), join(folder, "states.ndjson")),
    existing: [],
    ...changes,
  };
}

describe("runJob", () => {
  test("gives the same for a job that went through JSON, as a file or a queue holds it", async () => {
    writeFleet(DAYS * WAVE_SLOTS_A_DAY);
    const asItIs = await runJob(openJob(job({ name: "lag" })), context());
    const through = await runJob(openJob(JSON.parse(JSON.stringify(job({ name: "lag" })))), context());
    expect(asItIs.found.records).toMatchObject([{ machine: "n2", job: "lag", detector: "residual", observed: 80 }]);
    expect(through.found.records).toEqual(asItIs.found.records);
    expect(through.found.statuses).toEqual(asItIs.found.statuses);
  });

  test("puts nothing into the store before its commit, and the next run continues from there", async () => {
    writeFleet(DAYS * WAVE_SLOTS_A_DAY - 3);
    const lines: string[] = [];
    const debug = (line: string) => lines.push(line);
    const first = await runJob(openJob(job()), context({ debug }));
    expect(context().store.readMemory(openJob(job()).filedUnder[0]).episodes).toEqual([]);
    first.commit(0);
    writeFleet(DAYS * WAVE_SLOTS_A_DAY);
    const second = await runJob(openJob(job()), context({ debug }));
    expect(second.found.records.map(({ id }) => id)).toEqual(first.found.records.map(({ id }) => id));
    // What -v says of it.
    expect(lines).toContain("0 checkpoints to continue from");
    expect(lines).toContain("3 checkpoints to continue from");
    expect(lines).toContainEqual(expect.stringMatching(/^scored the history of 3 series in \d+\.\d\d s$/));
    expect(lines).toContainEqual(expect.stringMatching(/^continued 3 series from their checkpoints in \d+\.\d\d s$/));
  });

  test("gives the newly scored slots: the window at first, then only what is new, and the same figures", async () => {
    writeFleet(DAYS * WAVE_SLOTS_A_DAY - 3);
    const first = await runJob(openJob(job()), context({ withPoints: true }));
    first.commit(0);
    expect(first.found.points.map(({ name, score }) => [name, score.length])).toEqual(
      ["n1", "n2", "n3"].map((name) => [name, 3 * WAVE_SLOTS_A_DAY]),
    );
    writeFleet(DAYS * WAVE_SLOTS_A_DAY);
    const next = await runJob(openJob(job()), context({ withPoints: true }));
    const fresh = await runJob(openJob(job({ isFresh: true })), context({ withPoints: true }));
    for (const [i, points] of next.found.points.entries()) {
      const whole = fresh.found.points[i];
      const at = (points.startMs - whole.startMs) / whole.stepMs;
      expect(points.score.length).toBeLessThan(20);
      expect(points.score).toEqual(whole.score.subarray(at));
      expect(points.upper).toEqual(whole.upper.subarray(at));
      expect(points.observed).toEqual(whole.observed.subarray(at));
    }
  });

  test("ends with the reason of its signal", async () => {
    writeFleet(DAYS * WAVE_SLOTS_A_DAY);
    const interrupt = new AbortController();
    const running = runJob(openJob(job()), context({ signal: interrupt.signal }));
    interrupt.abort(new Error("SIGTERM"));
    await expect(running).rejects.toThrow("SIGTERM");
  });
});
