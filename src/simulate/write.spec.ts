import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { OutputError } from "../errors/errors.js";
import { fleetFiles } from "./fleet-files.js";
import { planFleet } from "./fleet-plan.js";
import { DEFAULT_FLEET, type FleetOptions } from "./options.js";
import { simulateFleet } from "./simulate.js";
import { writeFleet } from "./write.js";

/** What data/README.md says of data/fleet. */
const COMMITTED: FleetOptions = {
  ...DEFAULT_FLEET,
  seed: 7,
  machines: 3,
  aggregators: 6,
  historyDays: 28,
  liveDays: 3,
  stepMs: 20 * 60_000,
  startMs: Date.parse("2025-06-03T00:00:00Z"),
  incidentsPerKind: 2,
};
const TINY: FleetOptions = { ...COMMITTED, machines: 2, aggregators: 2, historyDays: 10, incidentsPerKind: 1 };

function filesInMemory(options: FleetOptions, monthly = false): Map<string, string> {
  const files = new Map<string, string>();
  for (const { path, text } of fleetFiles(planFleet(options), { monthly })) {
    files.set(path, (files.get(path) ?? "") + text);
  }
  return files;
}

test("the fleet in data/ is what its seed and options make, byte for byte", () => {
  const folder = fileURLToPath(new URL("../../data/fleet", import.meta.url));
  const files = filesInMemory(COMMITTED);
  expect([...files.keys()].sort()).toEqual(
    (readdirSync(folder, { recursive: true }) as string[]).filter((name) => name.includes(".")).sort(),
  );
  for (const [path, text] of files) expect(readFileSync(join(folder, path), "utf8") === text, path).toBe(true);
});

describe("the files of a fleet", () => {
  test("hold the simulated values, an empty field for each that is missing", () => {
    const fleet = simulateFleet(TINY);
    const files = filesInMemory(TINY);
    for (const [part, all] of [
      ["history", fleet.history],
      ["live", fleet.live],
    ] as const) {
      for (const series of all) {
        const lines = files.get(`${part}/${series.labels["aggregator"]}.csv`)!.trimEnd().split("\n");
        const column = lines[0].split(",").indexOf(series.labels["machine"]);
        const cells = lines.slice(1).map((line) => line.split(",")[column]);
        expect(cells).toEqual([...series.values].map((value) => (Number.isNaN(value) ? "" : String(value))));
        expect(lines[1].split(",")[0]).toBe(new Date(series.startMs).toISOString().replace(".000", ""));
      }
    }
    expect(JSON.parse(files.get("truth.json")!)).toEqual(fleet.truth);
  });

  test("by the month they hold the same rows, each in the file of its month", () => {
    const options = { ...TINY, startMs: Date.parse("2025-06-25T00:00:00Z") };
    const whole = filesInMemory(options);
    const parts = filesInMemory(options, true);
    const [header, ...rows] = whole.get("history/visit_length_hour.csv")!.split("\n");
    const june = parts.get("history/visit_length_hour_2025-06.csv")!.split("\n");
    const july = parts.get("history/visit_length_hour_2025-07.csv")!.split("\n");
    expect([june[0], july[0]]).toEqual([header, header]);
    expect([...june.slice(1, -1), ...july.slice(1)]).toEqual(rows);
    expect(june.slice(1, -1).every((row) => row.startsWith("2025-06"))).toBe(true);
  });
});

describe("writeFleet", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fleet-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("writes the files that the plan gives, reports each, and leaves no temporary file", async () => {
    const seen: string[] = [];
    const plan = planFleet(TINY);
    const written = await writeFleet(plan, folder, { onProgress: ({ path }) => seen.push(path) });
    const expected = filesInMemory(TINY);
    expect(seen).toEqual([...expected.keys()].map((path) => join(folder, path)));
    expect(written.files).toEqual(seen);
    expect(written.bytes).toBe([...expected.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0));
    for (const [path, text] of expected) expect(readFileSync(join(folder, path), "utf8")).toBe(text);
    const names = (readdirSync(folder, { recursive: true }) as string[]).filter((name) => name.includes("."));
    expect(names.sort()).toEqual([...expected.keys()].sort());
  });

  test("a failure is one sentence naming the file, and leaves no part of it and no old labels", async () => {
    mkdirSync(join(folder, "live", "visit_length_hour.csv"), { recursive: true });
    writeFileSync(join(folder, "truth.json"), "[]");
    const failure = await writeFleet(planFleet(TINY), folder).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(OutputError);
    expect(String(failure)).toContain(join("live", "visit_length_hour.csv"));
    expect(readdirSync(join(folder, "live"))).toEqual(["visit_length_hour.csv"]);
    expect(existsSync(join(folder, "truth.json"))).toBe(false);
  });
});
