import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DEFAULT_KNOBS } from "../anomalies/knobs.js";
import type { ScoredPoints } from "../anomalies/points.js";
import { testOrigin } from "../anomalies/testing/origin.js";
import { DEFAULT_TRAINING, trainModel } from "../detectors/family/fit/train.js";
import { openModel } from "../detectors/family/learned.js";
import { residualDetector } from "../detectors/residual/residual.js";
import { WAVE_SLOTS_A_DAY, WAVE_START_MS, WAVE_STEP_MS, wave } from "../detectors/testing/wave.js";
import { DEFAULT_THRESHOLD } from "../detectors/threshold.js";
import type { Series, TimeRange } from "../series/series.js";
import { slice } from "../series/slice.js";
import type { Target } from "../sources/source.js";
import { fileRunStore } from "../store/run/file-run-store.js";
import { DAY_MS } from "../time/duration.js";
import type { Live } from "../watch/live.js";
import type { PackedWatched } from "../watch/state-file.js";
import { type WarmFiles, warmFiles } from "../watch/warm-files.js";
import { checkpointRequest } from "./checkpoint-request.js";
import { lookAtSeries } from "./look-at-series.js";
import { testSource } from "./testing/source-spec.js";

/** Slots that the fleet is run through minute by minute, so to say. */
const RUNS = 60;
const DAYS = 24;
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

const { model: trained, inventory } = trainModel(
  SEEDS.map((seed) => wave(20, seed)),
  { ...DEFAULT_TRAINING, rows: 8000 },
);

/** The fleet as it is at a moment: incidents of every kind, gaps, and values that come or change later. */
function fleetAt(untilMs: number): Series[] {
  const until = Math.floor((untilMs - WAVE_START_MS) / WAVE_STEP_MS);
  const first = (DAYS - 1) * WAVE_SLOTS_A_DAY;
  return SEEDS.map((seed) => {
    const series = wave(DAYS, seed);
    const values = series.values.slice(0, until);
    const set = (from: number, to: number, of: (value: number, i: number) => number) => {
      for (let i = first + from; i < Math.min(first + to, until); i++) values[i] = of(values[i], i);
    };
    if (seed === 2) set(5, 12, (v) => v * 4); // a spike in the first runs, over before the end
    if (seed === 3) set(20, 80, () => Number.NaN); // silence that continues
    if (seed === 4) set(10, 80, () => values[first + 9]); // stuck
    if (seed === 5) set(30, 33, () => Number.NaN); // an ordinary gap
    if (seed === 5) set(40, 80, (v, i) => v + (i - first - 40) * 0.4); // drift
    if (seed === 6 && until < first + 30) set(18, 24, () => Number.NaN); // six slots that come late
    if (seed === 7 && until >= first + 35) set(25, 27, (v) => v + 30); // rewritten ten slots later
    // The newest slot is always empty at first.
    if (seed === 8) set(until - first - 1, until - first, () => Number.NaN);
    return { ...series, values };
  });
}

/** What nobody looks at here. */
const ENVELOPE = {
  stepMs: WAVE_STEP_MS,
  timezone: "UTC",
  unit: null,
  threshold: DEFAULT_THRESHOLD,
  fingerprint: "f",
  options: {},
  sections: {},
};

let stateDir: string;
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "states-"));
});
afterEach(() => rmSync(stateDir, { recursive: true }));

const job = { isFresh: false, range: { lookback: DAY_MS }, source: testSource() };
const threshold = DEFAULT_THRESHOLD;

/** One run at a moment. */
async function run(
  untilMs: number,
  {
    store = true,
    checksum = "m1",
    fleet = fleetAt(untilMs),
    detector = openModel(trained, threshold, inventory),
    files = undefined as WarmFiles | undefined,
    withPoints = false,
  } = {},
) {
  const asked: { targets: number; slots: number }[] = [];
  const range: TimeRange = { startMs: untilMs - DAY_MS, endMs: untilMs };
  const loaded = { model: { ...ENVELOPE, inventory }, name: "default", checksum, path: "" };
  const owner = {
    loaded,
    name: "default",
    threshold,
    knobs: DEFAULT_KNOBS,
    opened: { name: "a test", template: undefined },
  };
  const request = store ? checkpointRequest(job, owner, range)?.(detector.stepMs, detector.historyMs, 1) : undefined;
  const opened =
    request && fileRunStore(stateDir, join(stateDir, "statuses"), files).openCheckpoints("default", request);
  const looked = await lookAtSeries(
    {
      inventory,
      unit: null,
      detector,
      origin: testOrigin(),
      fromMs: range.startMs,
      untilMs,
      knobs: DEFAULT_KNOBS,
      detectedAtMs: untilMs,
      known: [],
      targetOf: (series) => series.name,
      withPoints,
    },
    {
      targets: [{ expression: "*", labels: {} }],
      targetOfOne: ({ name, labels }): Target => ({ expression: name, labels }),
      fetch: async (targets, wanted) => {
        const series = targets.flatMap(({ expression }) =>
          fleet.filter(({ name }) => expression === "*" || expression === name),
        );
        asked.push({ targets: series.length, slots: (wanted.endMs - wanted.startMs) / WAVE_STEP_MS });
        return { series: series.map((one) => slice(one, wanted)), problems: [], notes: [] };
      },
    },
    opened,
  );
  opened?.write();
  const said = looked.judged
    .map(({ records, status, points }) => ({ records, status, points }))
    .sort((a, b) => (a.status.machine < b.status.machine ? -1 : 1));
  return {
    said: said.map(({ records, status }) => ({ records, status })),
    slots: said.map(({ points }) => slotsOf(points)),
    asked,
  };
}

/** What was said of each slot, oldest first, with its time. How many there are depends on what is remembered. */
const slotsOf = (points: ScoredPoints | undefined) =>
  points === undefined
    ? []
    : Array.from(points.score, (score, i) => {
        const { startMs, stepMs, observed, expected, lower, upper } = points;
        return [startMs + i * stepMs, observed[i], expected[i], lower[i], upper[i], score];
      });

const momentOf = (slot: number) => WAVE_START_MS + ((DAYS - 1) * WAVE_SLOTS_A_DAY + slot) * WAVE_STEP_MS;

describe("runs that remember where scoring stands", () => {
  test("say of every series what runs without memory say, through incidents, gaps, late and rewritten values", async () => {
    let records = 0;
    let short = 0;
    for (let slot = 1; slot <= RUNS; slot++) {
      const remembering = await run(momentOf(slot));
      expect(remembering.said).toEqual((await run(momentOf(slot), { store: false })).said);
      records += remembering.said.filter((one) => one.records.length > 0).length;
      if (remembering.asked[0].slots < 40) short++;
    }
    expect(records).toBeGreaterThan(RUNS);
    expect(short).toBe(RUNS - 1);
  });

  test("fetch a history only for series with something new to explain, and once a day", async () => {
    await run(momentOf(1));
    let whole = 0;
    for (let slot = 2; slot <= RUNS; slot++) {
      const { asked } = await run(momentOf(slot));
      whole += asked.slice(1).reduce((sum, { targets }) => sum + targets, 0);
    }
    // Of 8 × 59: each series once for its time of day at most, each of the five incidents once, late and rewritten values.
    expect(whole).toBeLessThanOrEqual(SEEDS.length + 5 + 4);
  });

  test("say the same with the residual detector, which knows of a series only what it has seen of it", async () => {
    const detector = residualDetector(WAVE_STEP_MS);
    let records = 0;
    let short = 0;
    for (let slot = 1; slot <= RUNS; slot += RUNS / 12) {
      const remembering = await run(momentOf(slot), { detector });
      expect(remembering.said).toEqual((await run(momentOf(slot), { detector, store: false })).said);
      records += remembering.said.filter((one) => one.records.length > 0).length;
      if (remembering.asked[0].slots < 40) short++;
    }
    expect(records).toBeGreaterThan(12);
    expect(short).toBe(11);
  });

  test.each([
    ["family", undefined, 1, RUNS],
    ["residual", residualDetector(WAVE_STEP_MS), RUNS / 12, 12],
  ])("say the same to the last bit where scorers stay in memory (%s)", async (_, detector, every, runs) => {
    const files = warmFiles();
    let records = 0;
    let continued = 0;
    const counting = { ...files, live: { ...files.live, of: (one: PackedWatched) => count(files.live.of(one)) } };
    const count = (live: Live | undefined) => {
      if (live !== undefined) continued++;
      return live;
    };
    for (let slot = 1; slot <= RUNS; slot += every) {
      const remembering = await run(momentOf(slot), { files: counting, detector, withPoints: true });
      const fresh = await run(momentOf(slot), { store: false, detector, withPoints: true });
      expect(remembering.said).toEqual(fresh.said);
      const newest = fresh.slots.map((slots, i) => slots.slice(-remembering.slots[i].length));
      expect(remembering.slots).toEqual(newest);
      records += remembering.said.filter((one) => one.records.length > 0).length;
    }
    expect(records).toBeGreaterThan(runs);
    expect(continued).toBeGreaterThan(2 * runs);
  });

  test("keep no more scorers in memory than there is room for, and say the same", async () => {
    const files = warmFiles();
    const bytesOfOne = openModel(trained, threshold, inventory).open(trained.profiles[0]).stateLength * 8;
    for (let slot = 1; slot <= 12; slot++) {
      const states = files.bytes();
      files.live.setRoom(3 * bytesOfOne);
      const remembering = await run(momentOf(slot), { files });
      expect(remembering.said).toEqual((await run(momentOf(slot), { store: false })).said);
      if (slot === 2) expect(files.bytes() - states).toBeGreaterThan(2 * bytesOfOne);
      if (slot === 2) expect(files.bytes() - states).toBeLessThan(4 * bytesOfOne);
    }
  });

  test("and continue after runs that were left out, as many as they be", async () => {
    let slot = 1;
    for (const pause of [1, 2, 5, 11, 3, 30, 1]) {
      slot += pause;
      expect((await run(momentOf(slot))).said).toEqual((await run(momentOf(slot), { store: false })).said);
    }
  });

  const files = () => readdirSync(stateDir).map((name) => join(stateDir, name));

  test.each([
    ["is missing", (path: string) => rmSync(path)],
    ["is cut off", (path: string) => writeFileSync(path, readFileSync(path).subarray(0, 9000))],
    ["is cut off in its head", (path: string) => writeFileSync(path, readFileSync(path).subarray(0, 40))],
    ["is empty", (path: string) => writeFileSync(path, "")],
    ["is something else", (path: string) => writeFileSync(path, "not a state of anything at all")],
  ])("are none the worse for it when the file %s", async (_, damage) => {
    await run(momentOf(30));
    for (const path of files()) damage(path);
    expect((await run(momentOf(31))).said).toEqual((await run(momentOf(31), { store: false })).said);
    const { asked } = await run(momentOf(32));
    expect(asked[0].slots).toBeLessThan(40);
  });

  test("are none the worse for a flipped bit anywhere in the file", async () => {
    await run(momentOf(30));
    const [path] = files();
    const good = readFileSync(path);
    const expected = (await run(momentOf(31), { store: false })).said;
    for (let at = 0; at < good.length; at += Math.ceil(good.length / 40)) {
      const flipped = Buffer.from(good);
      flipped[at] ^= 16;
      writeFileSync(path, flipped);
      expect((await run(momentOf(31))).said).toEqual(expected);
    }
  });

  test("take no state of another model", async () => {
    await run(momentOf(30), { checksum: "m0" });
    const { asked } = await run(momentOf(31));
    expect(asked[0].slots).toBeGreaterThan(7 * WAVE_SLOTS_A_DAY);
  });

  test("look at the history of a series that the server leaves out, because it is silent", async () => {
    for (let slot = 21; slot < 40; slot++) {
      const fleet = fleetAt(momentOf(slot)).filter(({ name }) => slot < 25 || name !== "m3");
      const remembering = await run(momentOf(slot), { fleet });
      expect(remembering.said).toEqual((await run(momentOf(slot), { store: false, fleet })).said);
    }
  });

  test("keep a few kilobytes a series", async () => {
    await run(momentOf(30));
    const bytes = files().reduce((sum, path) => sum + readFileSync(path).length, 0);
    // A week of slots of 20 minutes is 504 integers; four of eight series hold an incident and with it 9 days of values.
    expect(bytes / SEEDS.length).toBeLessThan(10_000);
  });
});
