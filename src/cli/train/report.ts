import type { Manifest } from "../../model/manifest.js";
import type { TrainSummary } from "../../model/train.js";
import { describeFile } from "../../sources/csv/file-report.js";
import type { CsvHistory } from "../../sources/csv/history.js";
import { describeMerge } from "../../sources/csv/merge-history.js";
import { formatDuration } from "../../time/duration.js";
import { formatUtc } from "../../time/format.js";
import { aligned, bytes, count, thousands } from "../aligned.js";
import type { Log } from "../log.js";
import { errorWords, topFeatures } from "../manifest-lines.js";

export interface TrainResult {
  readonly summary: TrainSummary;
  readonly manifest: Manifest;
  readonly path: string;
  readonly seconds: number;
}

/** Files, and series left out, that are named one by one; of more than that the first few and their number. */
const NAMED = 20;

/** What was found in the files and how it was merged. */
export function reportHistory(log: Log, history: CsvHistory<unknown>): void {
  for (const line of firstOf(history.files.map(describeFile), "file")) log.info(line);
  for (const line of describeMerge(history.merge)) log.info(line);
  const leftOut = history.leftOut.map(({ name, reason }) => `left out: ${name}: ${reason}`);
  for (const line of firstOf(leftOut, "series left out", "series left out")) log.info(line);
  for (const note of history.notes) log.info(`note: ${note}`);
}

/** The end of a training: what the model is, in figures. */
export function reportTraining(log: Log, { summary, manifest, path, seconds }: TrainResult): void {
  const leftOut = summary.leftOut.map(({ name, reason }) => `left out: ${name}: ${reason}`);
  for (const line of firstOf(leftOut, "series left out", "series left out")) log.info(line);
  const views = Object.entries(manifest.metrics.importance);
  const rows = summary.fittedRows + summary.calibratedRows;
  const days = formatDuration(summary.range.endMs - summary.range.startMs);
  const lines = aligned([
    [
      "series",
      `${thousands(summary.series)} over ${days}, step ${formatDuration(summary.stepMs)}, ${count(summary.points, "value")}`,
    ],
    ["fitted", `${count(summary.fittedRows, "row")} before ${formatUtc(summary.calibratedFromMs)}`],
    ["calibrated", `${count(summary.seriesDays, "series-day")} after that`],
    ["error", errorWords(summary.heldOutError)],
    [
      "threshold",
      `${summary.threshold}; on ordinary days about ${alarms(summary.expectedEpisodesPerWeek)} a week in all`,
    ],
    ...views.map(([view, shares]) => [`${view} view`, topFeatures(shares)]),
  ]);
  log.info("");
  for (const line of lines) log.info(line);
  const rate = thousands(rows / Math.max(seconds, 0.001));
  log.info(log.paint.green(`${path}: ${bytes(manifest.model_bytes)} in ${seconds.toFixed(1)} s, ${rate} rows/s`), {
    model: path,
    series: summary.series,
    seconds,
  });
}

const alarms = (n: number) => (n >= 10 ? `${Math.round(n)} false alarms` : `${Number(n.toPrecision(2))} false alarms`);

/** The whole result as plain data, for `--json`; without a result the reading alone (`--dry-run`). */
export function trainingJson(history: CsvHistory<unknown>, result?: TrainResult) {
  const { files, merge, leftOut, notes, fingerprint } = history;
  const read = { files, merge, left_out: leftOut, notes, fingerprint };
  return result === undefined
    ? read
    : { ...read, seconds: result.seconds, path: result.path, manifest: result.manifest };
}

function firstOf(lines: readonly string[], one: string, many?: string): readonly string[] {
  if (lines.length <= NAMED) return lines;
  return [...lines.slice(0, NAMED), `… and ${count(lines.length - NAMED, `more ${one}`, many && `more ${many}`)}`];
}
