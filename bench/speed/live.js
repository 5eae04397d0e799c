import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_KNOBS } from "../../dist/anomalies/knobs.js";
import { DEFAULT_TRAINING, trainModel } from "../../dist/detectors/family/fit/train.js";
import { openModel } from "../../dist/detectors/family/learned.js";
import { DEFAULT_THRESHOLD } from "../../dist/detectors/threshold.js";
import { normal, seededRandom } from "../../dist/math/random.js";
import { checkpointRequest } from "../../dist/runs/checkpoint-request.js";
import { lookAtSeries } from "../../dist/runs/look-at-series.js";
import { createInventory } from "../../dist/series/inventory.js";
import { seriesKey } from "../../dist/series/series.js";
import { slice } from "../../dist/series/slice.js";
import { fileRunStore } from "../../dist/store/run/file-run-store.js";
import { observeWhole } from "../../dist/watch/observe.js";
import { replayStartMs } from "../../dist/watch/replay-start.js";
import { checkpointMs } from "../../dist/watch/watched.js";

const STEP_MS = 60_000;
const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2025, 0, 1);
/** Real scorers are run over this many series; the states of the others are copies of theirs, which the reader does not notice. */
const PROTOTYPES = 40;

/**
 * A fleet at one-minute steps from run to run, one new point a series: CPU seconds a run (`reading`: the states from their
 * files, checked and unpacked; `scoring`: all the rest, writing the states included), histories that had to be looked at, and
 * bytes of state a series.
 *
 * @param count of series. @param runs that are measured after the first, which makes the states.
 */
export async function measureLive(count, runs) {
  const days = 22;
  const slots = days * 1440;
  const prototypes = Array.from({ length: PROTOTYPES }, (_, p) => {
    const random = seededRandom(p + 1);
    const values = new Float64Array(slots);
    let noise = 0;
    for (let i = 0; i < slots; i++) {
      noise = 0.8 * noise + normal(random);
      values[i] = random() < 0.004 ? Number.NaN : 10 + 4 * Math.sin((i * Math.PI) / 720 + p) + 0.2 * noise;
    }
    return values;
  });
  const of = (p, machine) => ({
    name: machine,
    labels: { machine, aggregator: "live" },
    startMs: START_MS,
    stepMs: STEP_MS,
    values: prototypes[p],
  });
  const trained = trainModel(
    prototypes.map((values, p) => ({ ...of(p, `m${p}`), values: values.subarray(0, 20 * 1440) })),
    { ...DEFAULT_TRAINING, rows: 50_000 },
  ).model;
  const fleet = Array.from({ length: count }, (_, i) => of(i % PROTOTYPES, `m${i}`));
  const model = { ...trained, profiles: fleet.map((_, i) => trained.profiles[i % PROTOTYPES]) };
  const inventory = createInventory(fleet.map(({ name, labels }) => ({ name, labels })));
  const detector = openModel(model, DEFAULT_THRESHOLD, inventory);
  const stateDir = mkdtempSync(join(tmpdir(), "bench-live-"));
  const origin = {
    job: null,
    detector: "family",
    model: "bench",
    model_version: null,
    threshold: null,
    threshold_divisor: null,
  };
  const base = {
    inventory,
    unit: null,
    detector,
    origin,
    knobs: DEFAULT_KNOBS,
    known: [],
    targetOf: ({ name }) => name,
  };
  const owner = {
    loaded: { model: { inventory }, name: "bench", checksum: "bench", path: "" },
    name: "bench",
    threshold: DEFAULT_THRESHOLD,
    knobs: DEFAULT_KNOBS,
    opened: { name: "bench" },
  };
  const job = { isFresh: false, range: {}, source: { query: [] } };
  const store = fileRunStore(stateDir, join(stateDir, "states"));
  const storeAt = (untilMs) =>
    store.openCheckpoints(
      "bench",
      checkpointRequest(job, owner, { startMs: untilMs - DAY_MS, endMs: untilMs })(STEP_MS, detector.historyMs, 1),
    );
  try {
    let untilMs = START_MS + 21 * DAY_MS;
    const begun = storeAt(untilMs);
    const request = { ...base, series: [], problems: [], fromMs: untilMs - DAY_MS, untilMs, detectedAtMs: untilMs };
    const whole = fleet.slice(0, PROTOTYPES).map((series, p) => {
      const startMs = replayStartMs(seriesKey(series.labels), request.fromMs, detector.historyMs, STEP_MS);
      const subject = {
        series: slice(series, { startMs, endMs: untilMs }),
        profile: model.profiles[p],
        known: [],
      };
      return finished(observeWhole(request, subject, checkpointMs(untilMs, STEP_MS))).watched;
    });
    fleet.forEach(({ labels }, i) => {
      const key = seriesKey(labels);
      const startMs = replayStartMs(key, request.fromMs, detector.historyMs, STEP_MS);
      begun.put(key, movedTo(startMs, whole[i % PROTOTYPES]));
    });
    begun.write();
    const bytes = readdirSync(stateDir).reduce((sum, name) => sum + statSync(join(stateDir, name)).size, 0);

    const measured = [];
    for (let run = 0; run < runs; run++) {
      untilMs += STEP_MS;
      let fetched = 0;
      // What the source would have answered, made before the clock runs: reading it is another figure.
      const fromMs = untilMs - 80 * STEP_MS;
      const recent = fleet.map((series) => slice(series, { startMs: fromMs, endMs: untilMs }));
      const byName = new Map(fleet.map((series) => [series.name, series]));
      const reading = cpuSeconds(() => {
        for (const _ of storeAt(untilMs).each());
      });
      const before = process.cpuUsage();
      const checkpoints = storeAt(untilMs);
      const looked = await lookAtSeries(
        { ...base, fromMs: untilMs - DAY_MS, untilMs, detectedAtMs: untilMs },
        {
          targets: [{ expression: "*", labels: {} }],
          targetOfOne: ({ name, labels }) => ({ expression: name, labels }),
          fetch: async (targets, wanted) => {
            if (targets[0].expression === "*") return { series: recent, problems: [], notes: [] };
            fetched += targets.length;
            const series = targets.map(({ expression }) => slice(byName.get(expression), wanted));
            return { series, problems: [], notes: [] };
          },
        },
        checkpoints,
      );
      checkpoints.write();
      const seconds = secondsSince(before);
      measured.push({ seconds, reading, scoring: seconds - reading, histories: fetched, series: looked.judged.length });
    }
    return { series: count, bytesASeries: bytes / count, runs: measured };
  } finally {
    rmSync(stateDir, { recursive: true });
  }
}

/** The result of work that pauses. */
function finished(work) {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

const secondsSince = (before) => {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
};

function cpuSeconds(work) {
  const before = process.cpuUsage();
  work();
  return secondsSince(before);
}

/** A state as if its scorer had begun at another time. */
function movedTo(startMs, watched) {
  if (watched.trace === null) return { ...watched, startMs };
  const { values } = watched.trace;
  const moved = new Float64Array((watched.checkpointMs - startMs) / STEP_MS);
  moved.set(values.subarray(Math.max(0, values.length - moved.length)), Math.max(0, moved.length - values.length));
  const shift = moved.length - values.length;
  const explained = new Map([...watched.trace.explained].map(([slot, why]) => [slot + shift, why]));
  return { ...watched, startMs, trace: { ...watched.trace, values: moved, explained } };
}

if (process.argv[1] === import.meta.filename)
  console.log(await measureLive(Number(process.argv[2] ?? 10000), Number(process.argv[3] ?? 6)));
