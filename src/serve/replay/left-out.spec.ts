import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DEFAULT_KNOBS } from "../../anomalies/knobs.js";
import { WAVE_SLOTS_A_DAY, WAVE_START_MS, WAVE_STEP_MS, wave } from "../../detectors/testing/wave.js";
import type { KnownEvent } from "../../records/known-event.js";
import { testSource } from "../../runs/testing/source-spec.js";
import { DAY_MS } from "../../time/duration.js";
import { replays } from "./replay-points.js";

const DAYS = 18;
const [FIRST, LAST] = [15 * WAVE_SLOTS_A_DAY, 15.5 * WAVE_SLOTS_A_DAY];
const timeOf = (slot: number) => WAVE_START_MS + slot * WAVE_STEP_MS;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "replay-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a replay learns nothing from a maintenance, and what it kept of before the event was known is not used", async () => {
  const usual = wave(DAYS, 5).values;
  const wild = usual.map((value, i) => (i >= FIRST && i < LAST ? 80 + (i % 3) : value));
  const write = (name: string, values: Float64Array) => {
    mkdirSync(join(folder, name));
    writeFileSync(
      join(folder, name, "lag.csv"),
      `time,n1\n${Array.from(values, (value, i) => `${timeOf(i) / 1000},${value}`).join("\n")}\n`,
    );
  };
  write("wild", wild);
  write("usual", usual);
  const replay = replays();
  const maintenance: KnownEvent = {
    id: "m",
    kind: "maintenance",
    matchers: [],
    from: new Date(timeOf(FIRST)).toISOString(),
    until: new Date(timeOf(LAST)).toISOString(),
    note: null,
  };
  const scores = async (name: string, events: readonly KnownEvent[]) => {
    const job = {
      name: "lag",
      source: testSource({ paths: [join(folder, name, "lag.csv")] }),
      detector: "residual" as const,
      model: { name: "default", folder: join(folder, "models"), isRequired: false },
      threshold: null,
      knobs: DEFAULT_KNOBS,
      range: {},
      timezone: null,
      isFresh: false,
      withEvidence: false,
    };
    const answer = await replay(
      {
        served: { job, states: join(folder, "states.ndjson"), stateDir: join(folder, "state") } as never,
        what: {
          kind: "series",
          series: [{ name: "n1", machine: "n1", aggregator: "lag", labels: { machine: "n1", aggregator: "lag" } }],
        },
        range: { startMs: timeOf(LAST), endMs: WAVE_START_MS + DAYS * DAY_MS },
        settledMs: WAVE_START_MS + DAYS * DAY_MS,
        mostSeries: 10,
        events,
      },
      {
        env: {},
        nowMs: () => WAVE_START_MS + DAYS * DAY_MS,
        signal: new AbortController().signal,
        warn: () => {},
        debug: () => {},
        onProgress: () => {},
      },
    );
    expect(answer.points).toHaveLength(1);
    return [...answer.points[0].score];
  };
  const learned = await scores("wild", []);
  const left = await scores("wild", [maintenance]);
  expect(left).not.toEqual(learned);
  expect(left).toEqual(await scores("usual", [maintenance]));
});
