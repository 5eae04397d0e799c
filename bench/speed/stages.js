import { parseArgs } from "node:util";
import { readCsvStored } from "../../dist/csv/stored-history.js";
import { loadDetector } from "../../dist/detectors/registry.js";
import { withCrew } from "../../dist/threads/crew.js";

/*
 * The stages of a training by themselves, as JSON: seconds of reading, of features of every row, of fitting, of scoring every row.
 *
 *     node bench/speed/stages.js FOLDER --threads N
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { threads: { type: "string", default: "2" } },
});
const threads = Number(values.threads);
const PARTS = 48;
const script = (path) => new URL(path, import.meta.url);
const seconds = {};
/** CPU seconds, of all threads: what neighbours on the machine take away does not show in them. */
const cpu = {};

async function timed(name, work) {
  const beganMs = performance.now();
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  seconds[name] = (seconds[name] ?? 0) + (performance.now() - beganMs) / 1000;
  cpu[name] = (cpu[name] ?? 0) + (user + system) / 1e6;
  return result;
}

const history = await timed("read", () =>
  readCsvStored(positionals, {}, { threads, scratchFolder: "out/bench/scratch" }),
);
const { series } = history;
const rows = series.reduce((sum, { length }) => sum + length, 0);
const parts = Array.from({ length: PARTS }, (_, part) => ({
  from: Math.round((part * series.length) / PARTS),
  until: Math.round(((part + 1) * series.length) / PARTS),
}));

/** What a training does in each of its steps, and the model that comes out. */
const STAGE = { learn: "sample", bin: "fit", grow: "fit", distances: "calibrate", scores: "calibrate" };
const detector = "family";
const fit = await (await loadDetector(detector)).loadFit();
const model = await withCrew(script("../../dist/detectors/fit-worker.js"), { threads }, async (crew) => {
  const course = fit.course(series, { timezone: "UTC", seed: 1 });
  let next = course.next();
  while (!next.done) {
    const { step, shared, parts: own } = next.value;
    const results = await timed(STAGE[step], async () => {
      await crew.tellAll({ kind: "open", detector, step, shared });
      return crew.doAll(own.map((part) => ({ kind: "part", part })));
    });
    next = course.next(results);
  }
  return next.value.learned;
});

await withCrew(script("row-worker.js"), { threads }, async (crew) => {
  for (const work of ["features", "score"]) {
    await crew.tellAll({ kind: "open", work, series, model });
    const counts = await timed(work, () => crew.doAll(parts.map((part) => ({ kind: "part", ...part }))));
    if (counts.reduce((sum, n) => sum + n, 0) !== rows) throw new Error(`${work}: not every row was done`);
  }
});
console.log(JSON.stringify({ rows, seconds, cpu }));
