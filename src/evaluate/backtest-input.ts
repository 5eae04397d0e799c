import type { CsvOptions } from "../csv/csv-options.js";
import { findCsvFiles } from "../csv/files.js";
import { type CsvHistory, readCsv } from "../csv/history.js";
import { cleanStem } from "../csv/stem.js";
import type { Series } from "../series/series.js";
import { labelsOnGrid, readLabelColumn } from "./label-column.js";
import { concerns, intervalsOnGrid, type LabelInterval } from "./label-intervals.js";

/** One series to replay, with what is known to have been wrong in it; null where nothing is known. */
export interface BacktestInput {
  readonly series: Series;
  readonly label: Uint8Array | null;
  /** For people and file names: the file's name where it holds this series alone, else machine and aggregator. */
  readonly name: string;
}

export interface BacktestInputs {
  readonly inputs: readonly BacktestInput[];
  readonly notes: readonly string[];
}

export interface InputOptions {
  readonly csv: CsvOptions;
  /** Name of the label column. */
  readonly labelColumn: string;
  /** Labelled intervals from elsewhere; they take the place of columns. */
  readonly intervals?: readonly LabelInterval[];
}

/**
 * Reads what a backtest replays. A file with a label column is a data set of its own, with its own step; all others are read
 * together, so that a series whose months lie in several files is one.
 */
export async function readBacktestInputs(
  paths: readonly string[],
  options: InputOptions,
  onProgress?: (done: number, total: number, file: string) => void,
): Promise<BacktestInputs> {
  const files = findCsvFiles(paths);
  const inputs: BacktestInput[] = [];
  const notes: string[] = [];
  const unlabelled: string[] = [];
  const timezone = options.csv.timezone ?? "UTC";
  for (const [i, file] of files.entries()) {
    onProgress?.(i, files.length, file);
    const column =
      options.intervals === undefined
        ? await readLabelColumn(file, options.labelColumn, timezone, options.csv)
        : undefined;
    if (column === undefined) {
      unlabelled.push(file);
      continue;
    }
    const history = await readCsv([file], options.csv);
    notes.push(...leftOutNotes(history));
    const alone = history.series.length === 1;
    for (const series of history.series) {
      inputs.push({ series, label: labelsOnGrid(column, series), name: alone ? stemOf(file) : nameOf(series) });
    }
  }
  for (const history of await readTogether(unlabelled, options.csv)) {
    notes.push(...history.notes, ...leftOutNotes(history));
    for (const series of history.series) {
      const label = options.intervals === undefined ? null : intervalsOnGrid(options.intervals, series);
      inputs.push({ series, label, name: nameOf(series) });
    }
  }
  const homeless = (options.intervals ?? []).filter(
    (interval) => !inputs.some(({ series }) => concerns(interval, series)),
  );
  if (homeless.length > 0) {
    notes.push(
      `${homeless.length} labelled intervals are about series that are not there, the first: ${JSON.stringify(homeless[0].series)}`,
    );
  }
  return { inputs: inputs.filter(({ series }) => series.values.length > 0), notes: [...new Set(notes)] };
}

/** Files of one step are one history; those of another step are another, or one of them would be left out. */
async function readTogether(files: readonly string[], csv: CsvOptions): Promise<CsvHistory[]> {
  if (files.length === 0) return [];
  const all = await readCsv(files, csv);
  const steps = new Set(all.files.map(({ stepMs }) => stepMs ?? all.merge.stepMs));
  if (steps.size === 1 || csv.stepMs !== undefined) return [all];
  const histories: CsvHistory[] = [];
  for (const step of steps) {
    const same = all.files.filter(({ stepMs }) => (stepMs ?? all.merge.stepMs) === step).map(({ path }) => path);
    histories.push(await readCsv(same, csv));
  }
  return histories;
}

function leftOutNotes({ leftOut }: CsvHistory): string[] {
  return leftOut.map(({ name, reason }) => `${name} is left out: ${reason}`);
}

function stemOf(file: string): string {
  const base = file
    .slice(file.lastIndexOf("/") + 1)
    .replace(/\.gz$/i, "")
    .replace(/\.csv$/i, "");
  return base === "" ? cleanStem(file) || "series" : base;
}

function nameOf({ labels }: Series): string {
  const { machine, aggregator, ...rest } = labels;
  return [machine, aggregator, ...Object.values(rest)].filter((part) => part !== undefined && part !== "").join("_");
}
