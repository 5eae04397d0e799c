/* Longer than most: one fleet and one model serve all promises about where a record comes from. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AnomalyRecord, HydratedRecord } from "../records/record.js";
import { openPlace, parseLines } from "./testing/place.js";

const place = openPlace({ data: false });
afterAll(() => place.remove());
beforeAll(async () => {
  await run(
    "anomaly simulate f --machines 4 --days 21 --incidents 2 --seed 5 -q && anomaly train f/history -q --no-power",
  );
}, 600_000);

async function run(line: string) {
  const result = await place.sh(line);
  expect(result.status, result.stderr).toBe(0);
  return result;
}
const records = (file: string) => parseLines<AnomalyRecord>(place.read(file));
const hydrated = (file: string) => parseLines<HydratedRecord>(place.read(file));
const INFER = "anomaly infer f --lookback 4d -q --states states.ndjson";
const ids = (some: readonly AnomalyRecord[]) => some.map(({ id }) => id);

describe("records of two detectors and jobs in one file", { timeout: 600_000 }, () => {
  test("stand beside each other under ids of their own, and a second run of each adds nothing", async () => {
    writeFileSync(place.path("anomaly.yaml"), "jobs:\n  lag:\n    lookback: 4d\n");
    const each = [INFER, `${INFER} --detector residual`, `${INFER} --job lag`];
    for (const line of each) await run(`${line} -o both.ndjson`);
    const once = place.read("both.ndjson");
    for (const line of each) await run(`${line} -o both.ndjson`);
    expect(place.read("both.ndjson")).toBe(once);
    const found = records("both.ndjson");
    expect(new Set(ids(found)).size).toBe(found.length);
    const owners = found.map(({ job, detector }) => `${job} ${detector}`);
    expect([...new Set(owners)]).toEqual(["null family", "null residual", "lag family"]);
    expect(owners.filter((owner) => owner === "lag family")).toHaveLength(
      owners.filter((owner) => owner === "null family").length,
    );
    rmSync(place.path("anomaly.yaml"));
  });
});

describe("records and memory of an older version", { timeout: 600_000 }, () => {
  /** What an older version would have written: other ids, and no word of where a record comes from. */
  const aged = (text: string) =>
    text
      .replaceAll(/"id":"([0-9a-f]{8})[0-9a-f]{8}"/g, '"id":"$1"')
      .replaceAll(
        /,"(model_version|detector|threshold)":(null|"[^"]*")|,"threshold_divisor":(null|[\d.]+)|,"job":null/g,
        "",
      );

  test.each([
    ["memory and records", ["out/state/default.json", "old.ndjson"]],
    ["memory alone", ["out/state/default.json"]],
    ["records alone", ["old.ndjson"]],
  ])("keep their ids through the first run of this one: %s", async (_, kept) => {
    rmSync(place.path("out"), { recursive: true, force: true });
    await run(`${INFER} -o old.ndjson`);
    const before = new Map(["out/state/default.json", "old.ndjson"].map((file) => [file, aged(place.read(file))]));
    rmSync(place.path("out"), { recursive: true, force: true });
    rmSync(place.path("old.ndjson"), { force: true });
    for (const file of kept) {
      mkdirSync(dirname(place.path(file)), { recursive: true });
      writeFileSync(place.path(file), before.get(file) ?? "");
    }
    await run(`${INFER} -o old.ndjson`);
    const old = parseLines<AnomalyRecord>(before.get("old.ndjson") ?? "");
    expect(ids(old).every((id) => id.length === 8)).toBe(true);
    expect(ids(records("old.ndjson")).sort()).toEqual(ids(old).sort());
  });
});

describe("the band of a record", { timeout: 600_000 }, () => {
  test("is the one that it alarmed by, whatever detector and threshold each record was found with", async () => {
    await run(`${INFER} -o mixed.ndjson`);
    await run(`${INFER} --threshold p90 --model default -o - > permissive.ndjson`);
    await run(`${INFER} --detector residual -o - > residual.ndjson`);
    await run(
      "cat permissive.ndjson residual.ndjson >> mixed.ndjson; anomaly hydrate mixed.ndjson --data f -q -o h.ndjson",
    );
    const found = hydrated("h.ndjson").filter(({ upper, context }) => upper !== null && context !== null);
    const kinds = new Set(found.map(({ detector, threshold }) => `${detector} ${threshold}`));
    expect([...kinds].sort()).toEqual(["family p90", "family p99", "residual own"]);
    for (const { timestamp, upper, lower, context, detector } of found) {
      const at = (Date.parse(timestamp) - Date.parse(context?.start ?? "")) / 1000 / (context?.step_s ?? 1);
      // The residual detector remembers some things for longer than hydrate fetches.
      const digits = detector === "family" ? 5 : 3;
      expect(context?.upper[at]).toBeCloseTo(upper ?? Number.NaN, digits);
      expect(context?.lower[at]).toBeCloseTo(lower ?? Number.NaN, digits);
    }
  });

  test("is not drawn where the model has been trained again since, and hydrate says so", async () => {
    await run(`${INFER} -o then.ndjson; anomaly train f/history --seed 9 -q --no-power`);
    const { stderr } = await run("anomaly hydrate then.ndjson --data f -o h2.ndjson");
    const { model_version } = records("then.ndjson")[0];
    expect(stderr).toContain(`no expected band: found by version ${model_version} of the model default, but`);
    for (const { context } of hydrated("h2.ndjson")) expect(context?.upper.every((value) => value === null)).toBe(true);
    await run(`${INFER} --detector residual -o own.ndjson; anomaly hydrate own.ndjson --data f -q -o h3.ndjson`);
    expect(hydrated("h3.ndjson").some(({ context }) => context?.upper.some((value) => value !== null))).toBe(true);
  });
});
