import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AnomalyRecord } from "../../records/record.js";
import { ensureBuilt, freshFolder } from "../testing/built.js";

describe("what events change", { timeout: 600_000 }, () => {
  let place: { folder: string; path: string };
  const run = (...args: string[]) =>
    spawnSync("anomaly", args, { cwd: place.folder, env: { PATH: place.path }, encoding: "utf8" });
  const anomaly = (...args: string[]) => {
    const done = run(...args);
    expect(done.status, done.stderr).toBe(0);
    return done;
  };
  const infer = (...args: string[]) =>
    anomaly("infer", "data/fleet", "--lookback", "4d", "--at", "2025-07-04T00:00Z", "-o", "-", ...args)
      .stdout.split("\n")
      .filter(Boolean)
      .map((line): AnomalyRecord => JSON.parse(line));
  const without = ({ events, suppressed_by, likely_cause, detected_at, reasons, ...rest }: AnomalyRecord) => rest;
  let before: readonly AnomalyRecord[];
  let spike: AnomalyRecord;

  beforeAll(() => {
    ensureBuilt();
    place = freshFolder();
    anomaly("train", "data/fleet/history", "-q");
    before = infer();
    spike = before.find(({ severity }) => severity === "critical") as AnomalyRecord;
  }, 600_000);
  afterAll(() => rmSync(place.folder, { recursive: true }));

  test("a deployment is named in what begins in its span, and nothing else changes", () => {
    const from = new Date(Date.parse(spike.start) - 240_000).toISOString();
    anomaly(
      "event",
      "add",
      "--kind",
      "deploy",
      "--from",
      from,
      "--match",
      `machine=${spike.machine}`,
      "--note",
      "web-1.42",
    );
    const after = infer();
    expect(after.map(without)).toEqual(before.map(without));
    const named = after.filter(({ likely_cause }) => likely_cause !== undefined);
    expect(named.map(({ id }) => id)).toContain(spike.id);
    expect(named.find(({ id }) => id === spike.id)).toMatchObject({
      likely_cause: "4m after deploy web-1.42",
      reasons: [...spike.reasons, "4m after deploy web-1.42"],
    });
    expect(new Set(named.map(({ machine }) => machine))).toEqual(new Set([spike.machine]));
  });

  test("what lies in a maintenance is recorded with it, and is no finding for --fail-on", () => {
    writeFileSync(
      join(place.folder, "work.ics"),
      "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:w\r\nDTSTART;VALUE=DATE:20250625\r\nDTEND;VALUE=DATE:20250710\r\nSUMMARY:Move\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    );
    const args = ["data/fleet", "--lookback", "4d", "--at", "2025-07-04T00:00Z", "-o", "-", "--fail-on", "anomaly"];
    expect(run("infer", ...args).status).toBe(3);
    const done = run("infer", ...args, "--calendar", "maintenance=work.ics");
    expect(done.status, done.stderr).toBe(0);
    const records = done.stdout.trim().split("\n");
    expect(records).toHaveLength(before.length);
    expect(JSON.parse(records[0])).toMatchObject({ suppressed_by: { kind: "maintenance", note: "Move" } });
    // What was said of a maintenance that is not known any more is not said again.
    expect(infer().every(({ suppressed_by }) => suppressed_by === undefined)).toBe(true);
  });

  test("training leaves out maintenances and holidays of the series that they match, as --exclude does of all", () => {
    const model = (name: string) => readFileSync(join(place.folder, "models", name, "model.bin"));
    const train = (name: string, ...args: string[]) => anomaly("train", "data/fleet/history", "--model", name, ...args);
    const span = ["--from", "2025-06-10T00:00Z", "--until", "2025-06-12T00:00Z"];
    train("plain");
    const done = train("unconcerned");
    expect(model("unconcerned").equals(model("plain"))).toBe(true);
    expect(done.stderr).not.toContain("left out of what is learned");
    anomaly("event", "add", "--kind", "holiday", ...span);
    train("all");
    train("excluded", "--exclude", "2025-06-10T00:00Z/2025-06-12T00:00Z", "--store", "none");
    expect(model("all").equals(model("excluded"))).toBe(true);
    const [{ id }] = JSON.parse(anomaly("event", "list", "--all", "--json").stdout).filter(
      ({ kind }: { kind: string }) => kind === "holiday",
    );
    anomaly("event", "rm", id);
    anomaly("event", "add", "--kind", "maintenance", "--match", "machine=n200*", ...span);
    expect(train("some").stderr).toContain("1 event (maintenance, holiday) left out of what is learned, in 6 series");
    expect(model("some").equals(model("plain"))).toBe(false);
  });

  test("a backtest says of its episodes what events say", () => {
    anomaly(
      "backtest",
      "data/fleet/live",
      "--detector",
      "residual",
      "--ignore",
      "1d",
      "--calendar",
      "maintenance=work.ics",
    );
    const episodes = readFileSync(join(place.folder, "out/backtest/episodes.ndjson"), "utf8").trim().split("\n");
    expect(JSON.parse(episodes[0])).toMatchObject({ suppressed_by: { note: "Move" } });
  });
});
