import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pictureName } from "../../plot/picture-name.js";
import { decodePng } from "../../plot/testing/png-pixels.js";
import { episode, statusOf } from "../../report/testing/fleet-records.js";
import { runCaptured } from "../testing/captured.js";

const folder = mkdtempSync(join(tmpdir(), "report-cli-"));
const before = process.cwd();
const T0 = Date.parse("2025-07-01T00:00:00Z");
const HOUR_MS = 3_600_000;
const RECORDS = [
  episode("n1", T0 + 10 * HOUR_MS, 2),
  episode("n 2", T0 + 40 * HOUR_MS, 4, { status: "open", aggregator: "visits (all)" }),
];
beforeAll(() => {
  process.chdir(folder);
  mkdirSync("out/plots", { recursive: true });
  writeFileSync("out/hydrated.ndjson", RECORDS.map((record) => JSON.stringify(record)).join("\n"));
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});
const report = (...words: string[]) => runCaptured(["report", ...words]);

describe("anomaly report", () => {
  test("writes out/report.html of the usual records, and says what it holds", async () => {
    const run = await report();
    expect([run.exitCode, run.stdout]).toEqual([0, ""]);
    expect(run.stderr).toMatch(
      /^2 episodes, 1 open, of 2 records from out\/hydrated.ndjson; out\/report.html \(\d+.* kB\)\n$/,
    );
    const page = readFileSync("out/report.html", "utf8");
    // From the first start to the newest end.
    expect(page).toContain("2025-07-01 10:00 to 2025-07-02 20:00 UTC");
    expect(page).toContain("This report has no statuses of series");
  });

  test("links the pictures that are there, from where the page lies, and Grafana where its address is known", async () => {
    const name = pictureName(RECORDS[1], "png");
    writeFileSync(join("out/plots", name), "");
    await report(
      "-o",
      "out/deep/er/page.html",
      "--grafana-url",
      "https://grafana.example.com",
      "--datasource-uid",
      "gr",
    );
    const page = readFileSync("out/deep/er/page.html", "utf8");
    expect(page).toContain(`href="../../plots/${encodeURIComponent(name)}"`);
    expect(page.match(/>picture</g)).toHaveLength(2);
    expect(page).toContain("https://grafana.example.com/explore?");
    rmSync(join("out/plots", name));
  });

  test("on stdout is the page, with --json the data, with --png also its head", async () => {
    expect((await report("-o", "-")).stdout).toMatch(/^<!doctype html>/);
    const json = JSON.parse((await report("--json", "--png", "out/head.png", "--scale", "2")).stdout);
    expect(json).toMatchObject({ schema: "anomaly-report/1", totals: { episodes: 2, open: 1 } });
    expect(decodePng(readFileSync("out/head.png")).width).toBe(2400);
  });

  test("of a period holds what touches it; hours are those of the zone", async () => {
    const run = await report("--from", "2025-07-01", "--until", "2025-07-02", "--json", "--timezone", "Asia/Kolkata");
    expect(JSON.parse(run.stdout)).toMatchObject({ from: "2025-06-30T18:30:00Z", totals: { episodes: 1 } });
    const wrong = await report("--from", "2025-07-03", "--until", "2025-07-02");
    expect([wrong.exitCode, wrong.stderr]).toEqual([
      2,
      "error: --from 2025-07-03T00:00:00Z must be before --until 2025-07-02T00:00:00Z\n",
    ]);
  });

  test("from a time after the newest record the period ends now, and no option is named that was not given", async () => {
    const run = await report("--from", "now-7d", "--json");
    expect(run.exitCode, run.stderr).toBe(0);
    expect(JSON.parse(run.stdout).totals.episodes).toBe(0);
    const future = await report("--from", "2200-01-01");
    expect(future.exitCode).toBe(2);
    expect(future.stderr).toBe("error: --from 2200-01-01T00:00:00Z is not in the past; give an earlier time\n");
  });

  test("counts the fleet and what was not scored from the states", async () => {
    const states = [statusOf("n1"), statusOf("n 2"), statusOf("n9", { state: "failed", reason: "HTTP 502" })];
    writeFileSync("states.ndjson", states.map((state) => `${JSON.stringify(state)}\n`).join(""));
    const json = JSON.parse((await report("--states", "states.ndjson", "--json")).stdout);
    expect(json.totals).toMatchObject({ fleet_machines: 3, series: 3, not_scored: 1 });
    expect(json.not_scored).toEqual([
      { state: "failed", reason: "HTTP 502", series: [{ machine: "n9", aggregator: "a", series: "n9" }] },
    ]);
  });

  test.each([
    [
      "a states file that is missing",
      ["--states", "none.ndjson"],
      1,
      "cannot read none.ndjson, the statuses of series",
    ],
    ["a states file of something else", ["--states", "out/hydrated.ndjson"], 1, "line 1 is not a series' status"],
    ["a records file that is missing", ["none.ndjson"], 1, "cannot read none.ndjson"],
    ["a zone that does not exist", ["--timezone", "Mars/Olympus"], 2, "Mars/Olympus"],
    ["a page that cannot be written", ["-o", "out/hydrated.ndjson/x.html"], 1, "out/hydrated.ndjson"],
  ])("%s ends in a sentence", async (_, words, status, text) => {
    const run = await report(...words);
    expect(run.exitCode).toBe(status);
    expect(run.stderr).toMatch(/^error: [^\n]+\n$/);
    expect(run.stderr).toContain(text);
  });

  test("of no records is a page that says so", async () => {
    writeFileSync("empty.ndjson", "");
    expect((await report("empty.ndjson", "-o", "empty.html")).exitCode).toBe(0);
    expect(existsSync("empty.html")).toBe(true);
    expect(readFileSync("empty.html", "utf8")).toContain("Nothing is open");
  });
});
