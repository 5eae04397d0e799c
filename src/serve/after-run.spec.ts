import { describe, expect, test } from "vitest";
import type { AnomalyRecord } from "../records/record.js";
import { afterRuns, type FinishedRun } from "./after-run.js";
import { Findings } from "./findings.js";
import type { RunReport, ServedJob } from "./run/order.js";

const served = { job: { name: "j" } } as unknown as ServedJob;
const record = (id: string, more: object = {}) => ({ id, status: "open", ...more }) as unknown as AnomalyRecord;
const report = (ids: readonly string[]) => ({ ids }) as unknown as RunReport;
const settled = () => new Promise((done) => setImmediate(done));

function open() {
  const findings = new Findings();
  findings.setJobs(["j"]);
  const failures: string[] = [];
  const after = afterRuns(findings, {
    jobs: () => [served],
    nowMs: () => 0,
    onFailure: (...words) => failures.push(words.join(" ")),
  });
  return { findings, after, failures };
}

describe("those who act after a run", () => {
  test("get its records, what it has changed, and when it ended", async () => {
    const { findings, after } = open();
    const heard: FinishedRun[] = [];
    after.add("one", (run) => void heard.push(run));
    findings.remember("j", { kind: "records", changed: [record("old")] });
    findings.take("j", { kind: "records", changed: [record("new")] });
    findings.ended("j", 1000, report(["old", "new"]));
    findings.ended("j", 2000, report(["old", "new"]));
    await settled();
    expect(heard.map(({ atMs, failure, changed }) => [atMs, failure, changed.map(({ id }) => id)])).toEqual([
      [1000, null, ["new"]],
      [2000, null, []],
    ]);
    expect([...heard[0].records()].map(({ id }) => id)).toEqual(["old", "new"]);
    expect(heard[0].served).toBe(served);
  });

  test("hear of a run that failed, and why", async () => {
    const { findings, after } = open();
    const heard: (string | null)[] = [];
    after.add("one", ({ failure }) => void heard.push(failure));
    findings.failed("j", 1000, "no answer", false);
    await settled();
    expect(heard).toEqual(["no answer"]);
  });

  test("are not kept from a run by what others throw, now or later, nor by their own failure at the run before", async () => {
    const { findings, after, failures } = open();
    const heard: number[] = [];
    after.add("throws", () => {
      throw new Error("at once");
    });
    after.add("rejects", async () => {
      await settled();
      throw new Error("later");
    });
    after.add("works", ({ atMs }) => void heard.push(atMs));
    for (const atMs of [1, 2]) findings.ended("j", atMs, report([]));
    await after.close();
    expect(heard).toEqual([1, 2]);
    expect(failures.sort()).toEqual(["rejects j later", "rejects j later", "throws j at once", "throws j at once"]);
  });

  test("are given runs one at a time and in their order", async () => {
    const { findings, after } = open();
    const log: string[] = [];
    after.add("slow", async ({ atMs }) => {
      log.push(`begin ${atMs}`);
      await settled();
      log.push(`end ${atMs}`);
    });
    for (const atMs of [1, 2]) findings.ended("j", atMs, report([]));
    await after.close();
    expect(log).toEqual(["begin 1", "end 1", "begin 2", "end 2"]);
  });
});
