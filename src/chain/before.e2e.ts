import { cpSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import type { AnomalyRecord } from "../records/record.js";
import type { SeriesStatus } from "../records/status.js";
import { openPlace, parseLines } from "./testing/place.js";

/*
 * What version 0.1, before detectors became a registry and runs became jobs, said of the packaged fleet (commit 3c6580b, which also
 * wrote the model, in format 1):
 *
 *     H="data/fleet/history/client_presence_hour.csv data/fleet/history/probe_counts_hour.csv"
 *     L="data/fleet/live/client_presence_hour.csv data/fleet/live/probe_counts_hour.csv"
 *     anomaly train $H --model before
 *     anomaly infer $H $L --model before --lookback 4d -o family.ndjson --states family-states.ndjson
 *     anomaly hydrate family.ndjson --data data/fleet -o family-hydrated.ndjson
 *     anomaly infer data/fleet --model before --detector residual --lookback 4d -o residual.ndjson --states residual-states.ndjson
 *
 * These files never change. What differs today, on purpose, is not in them or listed below.
 */
const BEFORE = join(dirname(fileURLToPath(import.meta.url)), "before");
const written = <T>(name: string) => parseLines<T>(readFileSync(join(BEFORE, name), "utf8"));

const SERIES = ["client_presence_hour", "probe_counts_hour"];
const FILES = ["history", "live"].flatMap((part) => SERIES.map((name) => `data/fleet/${part}/${name}.csv`)).join(" ");

const place = openPlace();
cpSync(join(BEFORE, "model.bin"), place.path("models/before/model.bin"));
afterAll(() => place.remove());

async function run(line: string): Promise<void> {
  const { status, stderr } = await place.sh(line);
  expect(status, stderr).toBe(0);
}

/** The fields that an old line has, of a new one. */
function sameFields<T extends object>(old: T, now: T): Partial<T> {
  return Object.fromEntries(Object.keys(old).map((field) => [field, now[field as keyof T]])) as Partial<T>;
}

/*
 * Left out of the family records: `id` (names the detector and the job, so that no two share one), `reasons` (say how far beyond its
 * limit a value is, instead of the score), `detected_at` (the time of the run), `context` and `history` (long, and drawn from the same
 * values as the statistics).
 *
 * A model trained today is another one: it is calibrated on a week at least instead of a fifth of the history, and without the
 * incidents in it.
 */
describe("with the model of version 0.1", () => {
  test("infer and hydrate write the same records with every figure, and statuses the same scores", async () => {
    await run(
      `anomaly infer ${FILES} --model before --detector family --lookback 4d -q -o f.ndjson --states s.ndjson && ` +
        "anomaly hydrate f.ndjson --data data/fleet -q -o h.ndjson",
    );
    const [old, now] = [
      written<AnomalyRecord>("family-hydrated.ndjson"),
      parseLines<AnomalyRecord>(place.read("h.ndjson")),
    ];
    expect(old.length).toBe(7);
    expect(old.map((record, i) => sameFields(record, now[i]))).toEqual(old);
    expect(now.length).toBe(old.length);
    const [then, statuses] = [
      written<SeriesStatus>("family-states.ndjson"),
      parseLines<SeriesStatus>(place.read("s.ndjson")),
    ];
    expect(then.map((status, i) => sameFields(status, statuses[i]))).toEqual(then);
    expect(statuses.length).toBe(then.length);
  });
});

type Episode = Pick<
  AnomalyRecord,
  "machine" | "aggregator" | "start" | "end" | "kind" | "direction" | "status" | "points" | "score"
>;

const overlap = (a: Episode, b: Episode) =>
  a.machine === b.machine &&
  a.aggregator === b.aggregator &&
  a.start < (b.end ?? "9999") &&
  b.start < (a.end ?? "9999");

/*
 * The residual detector is another one by now: its windows are durations and not slots, it knows what recurs, how a series begins is
 * no season, and severity says whether there was anything similar before (CHANGELOG.md). So scores, kinds and ends of values
 * differ. What is counted and not compared with a band must not: silences and stalls. And what was found must be found, but for this:
 */
const NO_LONGER_FOUND = [
  // One slot of a slow drift each, just above the threshold of then; the way back, which is abrupt, is found.
  "n200-primary-example-com probe_counts_day 2025-07-02T21:40:00Z",
  "n202-primary-example-com probe_counts_day 2025-07-02T21:20:00Z",
  // False alarms of one slot, after the end of an incident.
  "n200-primary-example-com probe_counts_day 2025-07-03T10:00:00Z",
  "n200-primary-example-com probe_counts_hour 2025-07-02T06:00:00Z",
];

describe("the residual detector", () => {
  test("reports the same silences and stalls, finds what it found, and nothing where there was nothing", async () => {
    await run("anomaly infer data/fleet --detector residual --lookback 4d -q -o r.ndjson --states rs.ndjson");
    const [old, now] = [written<Episode>("residual.ndjson"), parseLines<Episode>(place.read("r.ndjson"))];
    const counted = old.filter(({ kind }) => kind === "silence" || kind === "stall");
    expect(counted.length).toBe(4);
    for (const one of counted) {
      expect(now.filter((other) => overlap(one, other)).map((other) => sameFields(one, other))).toEqual([one]);
    }
    expect(old.length).toBe(18);
    const lost = old.filter((one) => !now.some((other) => overlap(one, other) && other.direction === one.direction));
    const named = lost.map(({ machine, aggregator, start }) => `${machine} ${aggregator} ${start}`);
    expect(named.filter((name) => !NO_LONGER_FOUND.includes(name))).toEqual([]);
    expect(now.filter((one) => !old.some((other) => overlap(one, other)))).toEqual([]);
    const [then, statuses] = [
      written<SeriesStatus>("residual-states.ndjson"),
      parseLines<SeriesStatus>(place.read("rs.ndjson")),
    ];
    expect(then.map((status, i) => sameFields(status, statuses[i]))).toEqual(then);
    expect(statuses.length).toBe(then.length);
  });
});
