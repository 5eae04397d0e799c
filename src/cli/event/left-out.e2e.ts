import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AnomalyRecord } from "../../records/record.js";
import { DAY_MS, MINUTE_MS } from "../../time/duration.js";
import { ensureBuilt, freshFolder } from "../testing/built.js";

const STEP_MS = 10 * MINUTE_MS;
const BEGIN_MS = Date.parse("2025-06-01T00:00Z");
const at = (day: number) => new Date(BEGIN_MS + day * DAY_MS).toISOString();
/** As a calendar writes it. */
const stamp = (day: number) => at(day).replace(/[-:]|\.000/g, "");

/** A day's wave; where it is wild, in the maintenance; and an incident the day after it. */
function wave(isWild: boolean): string {
  const rows = Array.from({ length: 15 * 144 }, (_, i) => {
    const day = i / 144;
    const usual = 100 + 20 * Math.sin(2 * Math.PI * day) + ((i * 7919) % 13) / 4;
    const isIncident = day >= 13.2 && day < 13.24;
    const value = isWild && day >= 12 && day < 12.5 ? usual + 300 * (i % 3) : usual + (isIncident ? 120 : 0);
    return `"m.a","${at(day)}",${value}`;
  });
  return `target,time,value\n${rows.join("\n")}\n`;
}

describe("a detector that learns as it scores and a maintenance", { timeout: 600_000 }, () => {
  let place: { folder: string; path: string };
  const anomaly = (...args: string[]) => {
    const done = spawnSync("anomaly", args, { cwd: place.folder, env: { PATH: place.path }, encoding: "utf8" });
    expect(done.status, done.stderr).toBe(0);
    return done.stdout;
  };
  const put = (name: string, text: string) => writeFileSync(join(place.folder, name), text);
  const look = (state: string, untilDay: number, ...args: string[]) =>
    anomaly(
      ...["infer", "wave.csv", "--detector", "residual", "--lookback", "1d", "--at", at(untilDay), "-o", "-"],
      ...["--state-dir", state, "--states", `${state}/states.json`, "--store", "none", ...args],
    )
      .split("\n")
      .filter(Boolean)
      .map((line): AnomalyRecord => JSON.parse(line));
  const known = ["--calendar", "maintenance=work.ics"];
  beforeAll(() => {
    ensureBuilt();
    place = freshFolder();
    const entry = `UID:w\r\nDTSTART:${stamp(12)}\r\nDTEND:${stamp(12.5)}\r\nSUMMARY:Move`;
    put("work.ics", `BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n${entry}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`);
  });
  afterAll(() => rmSync(place.folder, { recursive: true }));

  test("later records are those of a series that was as ever in the maintenance", () => {
    put("wave.csv", wave(true));
    const learned = look("learned", 13.9);
    const left = look("left", 13.9, ...known).filter(({ start }) => start > at(12.5));
    expect(left).toHaveLength(1);
    expect(left[0].left_out).toEqual([{ from: "2025-06-13T00:00:00Z", until: "2025-06-13T12:00:00Z" }]);
    put("wave.csv", wave(false));
    // What it was a day ago is said as it was.
    const without = ({ reasons: _, ...rest }: AnomalyRecord) => rest;
    expect(look("quiet", 13.9, ...known).map(without)).toEqual(left.map(without));
    expect(learned.map(({ score }) => score)).not.toContain(left[0].score);
  });

  test("runs that continue say what one run says, also from checkpoints within the maintenance", () => {
    put("wave.csv", wave(true));
    for (const day of [11.9, 12.01, 12.3, 12.49, 12.5, 12.6, 13.1, 13.21, 13.3]) look("continued", day, ...known);
    const continued = look("continued", 13.9, ...known);
    expect(continued).toEqual(look("once", 13.9, ...known));
    expect(continued).not.toHaveLength(0);
  });

  test("hydrate draws the band that a record alarmed by, without knowing of the maintenance", () => {
    put("wave.csv", wave(true));
    const record = look("drawn", 13.9, ...known).find(({ start }) => start > at(12.5)) as AnomalyRecord;
    put("drawn.ndjson", `${JSON.stringify(record)}\n`);
    const { context } = JSON.parse(
      anomaly("hydrate", "drawn.ndjson", "--data", "wave.csv", "--store", "none", "-o", "-"),
    );
    const slot = (Date.parse(record.timestamp) - Date.parse(context.start)) / STEP_MS;
    expect(context.step_s * 1000).toBe(STEP_MS);
    expect(context.expected[slot]).toBeCloseTo(record.expected as number, 3);
    expect(context.upper[slot]).toBeCloseTo(record.upper as number, 3);
  });
});
