import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readBacktestInputs } from "../../dist/evaluate/backtest-input.js";
import { inFiveMinutes } from "./five-minutes.js";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/**
 * The labelled sets: which KPI a file belongs to (three neighbours of the first set are segments of one), how much of the start is
 * not labelled, which machine or application a KPI is of, how many slots after its start an event may be found, and whether one-minute series are averaged first.
 */
export const SETS = [
  { name: "wsd", folder: "wsd", kpiOf: (file) => String(Math.floor(Number(file) / 3)) },
  { name: "aiops", folder: "aiops" },
  { name: "wsd-5min", folder: "wsd", kpiOf: (file) => String(Math.floor(Number(file) / 3)), averaged: true },
  { name: "aiops-5min", folder: "aiops", averaged: true },
  { name: "asd1", folder: "asd1", ignoreMs: 30 * DAY_MS, machineOf: (kpi) => kpi.split("_")[0] },
  { name: "smd1", folder: "smd1", ignoreMs: 16.5 * DAY_MS, machineOf: (kpi) => kpi.split("_")[0] },
  { name: "mscloud-h", folder: "mscloud-h", delaySlots: 3, machineOf: (kpi) => kpi.split("-")[0] },
  { name: "mscloud-m", folder: "mscloud-m" },
].map((set) => ({
  kpiOf: (file) => file,
  machineOf: () => "",
  ignoreMs: 3 * DAY_MS,
  delaySlots: 0,
  averaged: false,
  ...set,
}));

/** The series of a set, with the spans in which an alarm is neither right nor wrong. */
export async function readSet(quality, { folder, averaged }) {
  const path = join(quality, "dev", folder);
  const { inputs } = await readBacktestInputs([path], { csv: {}, labelColumn: "label" });
  const unsurePath = join(path, "unsure.json");
  const unsure = existsSync(unsurePath) ? JSON.parse(readFileSync(unsurePath, "utf8")) : {};
  const read = inputs.map((input) => ({ ...input, unsure: unsure[input.name] ?? [] }));
  return averaged ? read.filter(({ series }) => series.stepMs === MINUTE_MS).map(inFiveMinutes) : read;
}

/** The files of NAB, each with its place: `realTweets/Twitter_volume_IBM.csv`. */
export async function readNab(quality) {
  const data = join(quality, "dev/nab/data");
  if (!existsSync(data)) return [];
  const files = readdirSync(data, { recursive: true })
    .filter((file) => file.endsWith(".csv"))
    .sort();
  const read = [];
  for (const file of files) {
    const path = join(data, file);
    const { inputs } = await readBacktestInputs([path], { csv: { timezone: "UTC" }, labelColumn: "label" });
    read.push({ file, path, input: inputs[0] });
  }
  return read;
}
