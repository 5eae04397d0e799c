import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hydratedOf, LONG_AGGREGATOR, LONG_MACHINE, withHistory } from "../../plot/testing/hydrated-record.js";
import type { HydratedRecord } from "../../records/record.js";
import { testRecord } from "../../records/testing/record.js";
import { plainSpark, sparkText } from "../../report/terminal/spark-text.js";
import { tableLines } from "../../report/terminal/text-table.js";
import { paintFor } from "../log.js";
import { runCaptured } from "../testing/captured.js";

const folder = mkdtempSync(join(tmpdir(), "show-"));
const before = process.cwd();
beforeAll(() => process.chdir(folder));
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

const named = (machine: string, part: Partial<HydratedRecord> = {}) =>
  withHistory(hydratedOf({ id: `id-${machine}`, machine, labels: { machine, aggregator: "a" }, ...part }));
const RECORDS = [
  named("n1", { severity: "low", score: 1.1, start: "2025-07-02T06:00:00Z" }),
  named("n2", { severity: "critical", score: 5, status: "closed", start: "2025-07-02T12:00:00Z" }),
  named("n3", { severity: "medium", score: 2, status: "open" }),
];
const file = (records: readonly object[]) => {
  writeFileSync("records.ndjson", records.map((record) => JSON.stringify(record)).join("\n"));
  return "records.ndjson";
};
const show = async (records: readonly object[], ...words: string[]) => {
  const run = await runCaptured(["show", file(records), ...words]);
  expect(run.exitCode, run.stderr).toBe(0);
  return run.stdout;
};

describe("the sparkline", () => {
  const record = (observed: (number | null)[]) => hydratedOf({ context: { ...hydratedOf().context!, observed } });

  test("goes from the lowest to the highest block, with blanks where no value is", () => {
    expect(plainSpark(sparkText(record([0, 1, 2, 3, null, 5, 6, 7]), 8))).toBe("▁▂▃▄ ▆▇█");
  });

  test("loses no spike where many slots share a character", () => {
    const minutes = Array.from({ length: 1440 }, (_, i) => (i === 777 ? 90 : 1));
    const text = plainSpark(sparkText(record(minutes), 24));
    expect(text).toHaveLength(24);
    // 777 of 1440 minutes is the 13th hour.
    expect(text.indexOf("█")).toBe(12);
  });

  test.each([
    ["a constant", [5, 5, 5], "▅▅▅"],
    ["nothing", [null, null], "  "],
    ["no slot", [], ""],
    ["negative values", [-3, -2, -1], "▁▅█"],
  ])("of %s", (_, observed, text) => {
    expect(plainSpark(sparkText(record(observed), 24))).toBe(text);
  });

  test("of a record that was not hydrated is empty", () => {
    expect(sparkText(testRecord(), 24)).toEqual([]);
  });
});

describe("anomaly show", () => {
  test("shows what is open first, then the worst", async () => {
    const ids = (text: string) => [...text.matchAll(/^id-(n\d)/gm)].map(([, id]) => id);
    expect(ids(await show(RECORDS))).toEqual(["n3", "n2", "n1"]);
    expect(ids(await show(RECORDS, "--sort", "name"))).toEqual(["n1", "n2", "n3"]);
    expect(ids(await show(RECORDS, "--open"))).toEqual(["n3"]);
    expect(ids(await show(RECORDS, "--limit", "1"))).toEqual(["n3"]);
    expect(await show([])).toBe("");
  });

  test("json gives each record with its sparkline and without its window", async () => {
    const rows = JSON.parse(await show(RECORDS, "--format", "json"));
    expect(rows).toHaveLength(3);
    expect(rows[0]).toMatchObject({ id: "id-n3", status: "open", score: 2, fleet: null });
    expect(rows[0].spark).toHaveLength(24);
    expect(rows[0]).not.toHaveProperty("context");
    expect(JSON.parse(await show([], "--format", "json"))).toEqual([]);
  });

  test("csv quotes what must be, markdown escapes what would end a cell", async () => {
    const ugly = [named('a|b,"c"', { reasons: ["x|y", "z"] })];
    const csv = await show(ugly, "--format", "csv");
    expect(csv.split("\n")[0]).toMatch(/^id,severity,machine,/);
    expect(csv).toContain('"a|b,""c"""');
    const markdown = (await show(ugly, "--format", "markdown")).split("\n");
    expect(markdown[2]).toContain('a\\|b,"c"');
    expect(markdown[2].match(/(?<!\\)\|/g)).toHaveLength(10);
  });

  test("names what began together on one machine, and shows the label that distinguishes its series", async () => {
    const modes = ["idle", "irq", "nice", "system", "user"].map((mode) =>
      named("web1", {
        id: `id-${mode}`,
        kind: "silence",
        direction: "none",
        severity: "critical",
        labels: { machine: "web1", aggregator: "client_presence_hour", mode, job: "node" },
      }),
    );
    const table = await show([...modes, named("n2")]);
    expect(table).toMatch(/^critical {2}web1: 5 series silent, since 2025-07-02 12:00 UTC, to /);
    for (const mode of ["idle", "irq", "nice", "system", "user"]) expect(table).toContain(` mode=${mode} `);
    expect(table).not.toContain("job=");
    const rows: { incident: string | null }[] = JSON.parse(await show([...modes, named("n2")], "--format", "json"));
    expect(new Set(rows.map(({ incident }) => incident)).size).toBe(2);
  });

  test("names what began on many machines at once, and which records belong to it", async () => {
    const fleet = Array.from({ length: 22 }, (_, i) => named(`n${i}`));
    expect(await show(fleet)).toMatch(
      /^fleet {2}22 machines at once since 2025-07-02 12:00 UTC, to .*22 of 22 machines/,
    );
    const rows: { fleet: string }[] = JSON.parse(await show(fleet, "--format", "json"));
    expect(new Set(rows.map((row) => row.fleet)).size).toBe(1);
    expect(await show(fleet, "--limit", "2")).toContain("22 of 22 machines");
  });

  test("the table keeps to the terminal's width, with the longest names too, and colours no text apart", async () => {
    const long = [named(LONG_MACHINE, { aggregator: LONG_AGGREGATOR }), ...RECORDS];
    const NONE = { fleet: [], machines: [] };
    const streams = { env: {} } as Parameters<typeof paintFor>[0];
    const plain = await paintFor(streams, false);
    const coloured = await paintFor(streams, true);
    for (const columns of [110, 120, 140, 200]) {
      const lines = tableLines(long, NONE, { timezone: "UTC", paint: plain, telling: [], columns });
      for (const line of lines) expect([...line].length, line).toBeLessThanOrEqual(columns);
      const bare = tableLines(long, NONE, { timezone: "UTC", paint: coloured, telling: [], columns }).map((l) =>
        l.replace(/\x1b\[\d+m/g, ""),
      );
      expect(bare).toEqual(lines);
    }
  });

  test("a pipe gets names that fit, too: 300 characters of one do not widen every row", async () => {
    const table = await show([named("n".repeat(300), { aggregator: "a".repeat(300) }), ...RECORDS]);
    expect(table.split("\n")[0].indexOf("why")).toBeLessThan(220);
    expect(table).toContain("n…n");
  });

  test("no control character of a name reaches the terminal", async () => {
    expect(await show([named("a\u001b[31mb\u0007")])).not.toMatch(/[\u0007\u001b]/);
  });
});

describe("anomaly explain", () => {
  const explain = async (record: object, ...words: string[]) =>
    runCaptured(["explain", "id-n2", file([record]), ...words]);

  test("says the score, the threshold, the values and what would have been normal", async () => {
    const { stdout } = await explain(named("n2"));
    for (const text of [
      "4.21, where 1 is the threshold",
      "observed  0.125",
      "observed lies +0.100 from it",
      "it would not have been anomalous at or below 0.0300",
      "3.6× above the band",
      "in the two weeks before: never as high, at most 0.0330",
      "usual at these hours",
    ]) {
      expect(stdout).toContain(text);
    }
  });

  test("in another zone has its times there", async () => {
    const { stdout } = await explain(named("n2"), "--timezone", "Asia/Kolkata");
    expect(stdout).toContain("2025-07-02 17:30 Asia/Kolkata");
  });

  test("json holds the same as data", async () => {
    const account = JSON.parse((await explain(named("n2"), "--json")).stdout);
    expect(account).toMatchObject({
      id: "id-n2",
      threshold: 1,
      deviation: 0.1,
      beyond_band: 0.095,
      delay_s: 3600,
      before: "never as high, at most 0.0330",
      window: { max: 0.125, valid: 1 },
      explanation: null,
    });
  });

  test.each([
    [
      "a silence",
      { observed: null, kind: "silence" as const, direction: "none" as const },
      "any value would have ended the silence",
    ],
    [
      "a stall inside the band",
      { observed: 0.025, kind: "stall" as const },
      "observed is inside the band: another rule",
    ],
    ["a low value", { observed: 0.01, direction: "down" as const }, "at or above 0.0200"],
    ["no band", { lower: null, upper: null }, "band      –"],
    ["an error of hydrate", { hydrate_error: "Graphite did not answer", context: null }, "Graphite did not answer"],
  ])("of %s", async (_, part, text) => {
    expect((await explain(named("n2", part))).stdout).toContain(text);
  });

  test("of a record that was not hydrated says what is missing", async () => {
    const { stdout } = await explain(testRecord({ id: "id-n2" }));
    expect(stdout).toContain("not known; anomaly hydrate adds them");
  });

  test("prints the parts of a score with their limits, and what would have passed", async () => {
    const explanation = {
      parts: [
        { name: "value against the median of 15 slots before", value: 0.1, limit: 0.025 },
        { name: "against 24 h before", value: -0.02, limit: 0.04 },
        { name: "equal values in a row", value: 3, limit: 12, unit: "slots" },
      ],
      passes: { low: 0.01, high: 0.05 },
    };
    const { stdout } = await explain({ ...named("n2"), explanation });
    expect(stdout).toMatch(
      /value against the median of 15 slots before +off by 0.100 +1 is reached at 0.0250 +4 of it/,
    );
    expect(stdout).toMatch(/against 24 h before +off by −0.0200 +1 is reached at 0.0400 +0.500 of it/);
    expect(stdout).toMatch(/equal values in a row +3 slots +1 is reached at 12 slots +0.250 of it/);
    expect(stdout).toContain("any value from 0.0100 to 0.0500 would have passed");
    const half = { parts: [{ name: "a run", value: 7, limit: null }], passes: { low: null, high: 5 } };
    expect((await explain({ ...named("n2"), explanation: half })).stdout).toMatch(
      /a run +off by 7 [\s\S]*any value up to 5 would/,
    );
  });

  test("takes the beginning of an id, and says which there are where it is not enough", async () => {
    file(RECORDS);
    expect((await runCaptured(["explain", "id-n1", "records.ndjson"])).exitCode).toBe(0);
    const several = await runCaptured(["explain", "id-", "records.ndjson"]);
    expect([several.exitCode, several.stderr]).toEqual([
      1,
      'error: 3 records of records.ndjson begin with "id-": id-n1, id-n2, id-n3; give more of it\n',
    ]);
    const none = await runCaptured(["explain", "id-n9", "records.ndjson"]);
    expect(none.stderr).toContain('records.ndjson has no record "id-n9"');
  });
});
