import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { CsvOptions } from "../../csv/csv-options.js";
import { type CsvHistory, readCsv } from "../../csv/history.js";
import type { Series } from "../../series/series.js";

export type FileContents = Readonly<Record<string, string | Uint8Array>>;

/** A temporary folder for the CSV files of one test file. */
export interface CsvFolder {
  readonly path: string;
  /** Writes files into a new folder under it and gives that folder's path. */
  put(files: FileContents): string;
  /** Writes files and reads their folder. */
  read(files: FileContents, options?: CsvOptions): Promise<CsvHistory>;
  remove(): void;
}

export function openCsvFolder(): CsvFolder {
  const path = mkdtempSync(join(tmpdir(), "anomaly-csv-"));
  let serial = 0;
  const put = (files: FileContents) => {
    const home = join(path, String(serial++));
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(home, name)), { recursive: true });
      writeFileSync(join(home, name), content);
    }
    return home;
  };
  return {
    path,
    put,
    read: (files, options) => readCsv([put(files)], options),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** Series as `{"machine/aggregator": [start, step in s, ...values]}`, to be compared whole. */
export function brief(series: readonly Series[]): Record<string, (string | number)[]> {
  return Object.fromEntries(
    series.map((s) => [
      `${s.labels["machine"]}/${s.labels["aggregator"]}`,
      [new Date(s.startMs).toISOString().slice(0, 16), s.stepMs / 1000, ...s.values],
    ]),
  );
}
