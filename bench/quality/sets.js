import { readdirSync } from "node:fs";
import { join } from "node:path";
import { readBacktestInputs } from "../../dist/evaluate/backtest-input.js";

/** The labelled sets, and which KPI a file belongs to: three neighbours of the first set are segments of one. */
export const SETS = [
  { name: "wsd", kpiOf: (file) => String(Math.floor(Number(file) / 3)) },
  { name: "aiops", kpiOf: (file) => file },
];

export async function readSet(folder, name) {
  const { inputs } = await readBacktestInputs([join(folder, "dev", name)], { csv: {}, labelColumn: "label" });
  return inputs;
}

/** The files of NAB, each with its place: `realTweets/Twitter_volume_IBM.csv`. */
export async function readNab(folder) {
  const data = join(folder, "dev/nab/data");
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
