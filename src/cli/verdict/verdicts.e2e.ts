import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AnomalyRecord } from "../../records/record.js";
import type { LikeFalseAlarms } from "../../records/verdict-effects.js";
import { ensureBuilt, freshFolder } from "../testing/built.js";

let folder = "";
let path = "";
let episode: AnomalyRecord;
const DAY_MS = 86_400_000;
/** The same moment some days before. */
const before = (iso: string, days = 1) => new Date(Date.parse(iso) - days * DAY_MS).toISOString();

function anomaly(words: readonly string[], status = 0): { readonly stdout: string; readonly stderr: string } {
  const done = spawnSync("anomaly", words, { cwd: folder, env: { PATH: path, HOME: folder }, encoding: "utf8" });
  expect(done.status, done.stderr).toBe(status);
  return done;
}
const INFER = ["infer", "data/fleet", "--lookback", "4d", "-q", "-o", "out/anomalies.ndjson"];
function infer(...words: string[]): readonly AnomalyRecord[] {
  anomaly([...INFER, ...words]);
  return readFileSync(join(folder, "out/anomalies.ndjson"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}
const found = (records: readonly AnomalyRecord[]) => records.find(({ id }) => id === episode.id);

beforeAll(() => {
  ensureBuilt();
  ({ folder, path } = freshFolder());
  anomaly(["train", "data/fleet/history", "--quiet"]);
  const closed = infer().filter(
    ({ status, score, duration_s }) => status === "closed" && score < 2 && duration_s < 86_400,
  );
  [episode] = closed;
  // The same episode a day earlier, a little stronger, which somebody called a false alarm that same day.
  const rows = anomaly(["store", "export", "-o", "-"]).stdout.trim().split("\n");
  const row = rows.find((line) => line.includes(`"id":"${episode.id}"`) && line.includes('"record"')) ?? "";
  const earlier = { start: before(episode.start), end: before(episode.end), alerted_at: before(episode.alerted_at) };
  const judged = JSON.parse(row, (name, value) => {
    if (name === "id" && value === episode.id) return "f".repeat(16);
    if (name === "score") return value * 1.2;
    return name in earlier ? earlier[name as keyof typeof earlier] : value;
  });
  writeFileSync(join(folder, "row.ndjson"), `${rows[0]}\n${JSON.stringify(judged)}\n`);
  anomaly(["store", "import", "row.ndjson"]);
  const verdict = { id: "f".repeat(16), verdict: "false", author: "ann", note: "backup", at: earlier.end };
  writeFileSync(join(folder, "verdicts.ndjson"), `${JSON.stringify(verdict)}\n`);
  anomaly(["verdict", "import", "verdicts.ndjson"]);
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true }));

test("an episode that looks like a false alarm is held back, named with its verdict, and shown by --all", () => {
  const record = found(infer());
  expect(record).toMatchObject({
    score: episode.score,
    severity: episode.severity,
    suppressed_by: { kind: "verdict", episode: "f".repeat(16), note: "backup" },
    adjusted_by: { verdicts: [{ episode: "f".repeat(16), verdict: "false", author: "ann" }] },
  });
  const by = record?.adjusted_by as LikeFalseAlarms | undefined;
  expect(by?.score.after).toBeLessThan(1);
  const shown = anomaly(["show", "out/anomalies.ndjson", "--format", "json"]);
  expect(shown.stdout).not.toContain(episode.id);
  expect(shown.stderr).toContain("1 record held back by verdicts; --all shows them");
  expect(anomaly(["show", "out/anomalies.ndjson", "--all", "--format", "json"]).stdout).toContain(episode.id);
  expect(anomaly(["explain", episode.id, "out/anomalies.ndjson"]).stdout).toMatch(
    /held back\n {2}alone on its machine, below a score of/,
  );
  expect(anomaly(["history"]).stdout).toMatch(new RegExp(`^${episode.id.slice(0, 8)}.*closed, held back`, "m"));
  expect(anomaly(["history", episode.id]).stdout).toMatch(
    /held back below \d\.\d+ and up to \d+ slots? by the verdict on f{16}/,
  );
});

test("--no-verdicts, and taking the verdict back, show it as if nothing had been said", () => {
  const plain = (record: AnomalyRecord | undefined) => ({ ...record, detected_at: "" });
  expect(plain(found(infer("--no-verdicts")))).toEqual(plain(episode));
  expect(found(infer())?.adjusted_by).toBeDefined();
  anomaly(["verdict", "f".repeat(16), "true"]);
  expect(plain(found(infer()))).toEqual(plain(episode));
});

test("what is expected becomes an event that an explicit command adds, once", () => {
  anomaly(["verdict", episode.id, "expected", "--note", "weekly load test"]);
  const [proposal] = JSON.parse(anomaly(["verdict", "proposals", "--json"]).stdout);
  expect(proposal).toMatchObject({ episode: episode.id, kind: "maintenance", note: "weekly load test" });
  const slotMs = episode.step_s * 1000;
  const weeks = (Date.parse(proposal.from) + slotMs - Date.parse(episode.start)) / (7 * DAY_MS);
  expect(weeks).toBe(Math.round(weeks));
  expect(anomaly(["event", "list"]).stdout).not.toContain("weekly load test");
  anomaly(["verdict", "proposals", episode.id.slice(0, 8)]);
  expect(anomaly(["event", "list"]).stdout).toContain("weekly load test");
  expect(JSON.parse(anomaly(["verdict", "proposals", "--json"]).stdout)).toEqual([]);
  expect(anomaly(["verdict", "proposals", "nonsense"], 1).stderr).toContain("anomaly verdict proposals lists them");
});

test("from 30 verdicts on records have a confidence, its check is printed, and --min-confidence holds back", () => {
  const few = anomaly(["verdict", "forest"]).stderr;
  expect(few).toMatch(/verdicts? true or false; from 30 on/);
  // Weak false alarms and strong real ones of other machines, two hours apart, before what is looked at.
  const rows = anomaly(["store", "export", "-o", "-"]).stdout.trim().split("\n");
  const row = rows.find((line) => line.includes(`"id":"${episode.id}"`) && line.includes('"record"')) ?? "";
  const made = Array.from({ length: 40 }, (_, i) => {
    const isReal = i % 2 === 0;
    const moved = { score: isReal ? 3 : 1.1, points: isReal ? 20 : 1 };
    const id = `${isReal ? "a" : "b"}${String(i).padStart(15, "0")}`;
    const at = (iso: string) => new Date(Date.parse(iso) - 30 * DAY_MS + i * (DAY_MS / 12)).toISOString();
    const line = JSON.parse(row, (name, value) => {
      if (name === "id" && value === episode.id) return id;
      if (name in moved && typeof value === "number") return moved[name as keyof typeof moved];
      if (name === "machine") return `m${i % 7}`;
      return ["start", "end", "alerted_at"].includes(name) ? at(value) : value;
    });
    const verdict = { id, verdict: isReal ? "true" : "false", author: "ann", note: null, at: at(episode.end) };
    return { line: JSON.stringify(line), verdict: JSON.stringify(verdict) };
  });
  writeFileSync(join(folder, "many.ndjson"), [rows[0], ...made.map(({ line }) => line), ""].join("\n"));
  anomaly(["store", "import", "many.ndjson"]);
  writeFileSync(join(folder, "verdicts.ndjson"), made.map(({ verdict }) => `${verdict}\n`).join(""));
  anomaly(["verdict", "import", "verdicts.ndjson"]);

  const run = spawnSync(
    "anomaly",
    INFER.filter((word) => word !== "-q"),
    {
      cwd: folder,
      env: { PATH: path, HOME: folder },
      encoding: "utf8",
    },
  );
  expect(run.stderr).toMatch(/confidence from \d+ verdicts: Brier score 0\.\d+ on the \d+ newest, .*; used/);
  const records = infer();
  expect(records.every(({ confidence = -1 }) => confidence >= 0 && confidence <= 1)).toBe(true);
  expect(new Set(records.map(({ confidence }) => confidence)).size).toBeGreaterThan(1);
  const [least] = records.map(({ confidence = 1 }) => confidence).sort((a, b) => a - b);
  const held = infer("--min-confidence", "0.99").filter(({ adjusted_by }) => adjusted_by?.kind === "confidence");
  expect(held.map(({ confidence }) => confidence)).toContain(least);
  expect(held.every(({ severity }) => severity !== "critical")).toBe(true);
  expect(anomaly(["show", "out/anomalies.ndjson", "--all"]).stdout).toMatch(/score +conf\. +24 hours/);
  expect(anomaly(["explain", held[0].id, "out/anomalies.ndjson"]).stdout).toMatch(
    /its confidence is 0?\.?\d*, and 0\.99/,
  );
  const shown = JSON.parse(anomaly(["verdict", "forest", "--json"]).stdout);
  expect(shown.check).toMatchObject({ used: true });
  expect(shown.weights).toHaveLength(19);
});

test("import says that it reads stdin where no file is named, and takes what it reads", () => {
  const line = JSON.stringify({ id: "e".repeat(16), verdict: "true", author: "bob", note: null, at: episode.end });
  const run = (words: string) =>
    spawnSync("/bin/sh", ["-c", words], { cwd: folder, env: { PATH: path, HOME: folder }, encoding: "utf8" });
  writeFileSync(join(folder, "one.ndjson"), `${line}\n`);
  const says = "reading verdicts from stdin; name a file to read that instead";
  for (const [words, taken] of [
    ["cat one.ndjson | anomaly verdict import --json", 1],
    ["anomaly verdict import --json < one.ndjson", 0],
  ] as const) {
    const piped = run(words);
    expect([piped.status, JSON.parse(piped.stdout)]).toEqual([0, { new: taken }]);
    expect(piped.stderr).toContain(says);
  }
  const named = run("anomaly verdict import one.ndjson --json < one.ndjson");
  expect(named.status).toBe(0);
  expect(named.stderr).not.toContain(says);
});
