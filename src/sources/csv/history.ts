import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { InputError } from "../../errors/errors.js";
import type { Labels, Series, TimeRange } from "../../series/series.js";
import { formatUtc } from "../../time/format.js";
import { checkTimezone } from "../../time/timezone.js";
import { type FileReport, reportFile } from "./file-report.js";
import { findCsvFiles } from "./files.js";
import { isUnnamed, nameSeries } from "./labels.js";
import { type LeftOut, type MergeReport, mergeHistory, type NamedPart } from "./merge-history.js";
import { readCsvFile } from "./read-file.js";

export interface CsvOptions {
  /** Zone of times that carry none. Absent: UTC, and a note says so. */
  readonly timezone?: string;
  /** `FILE#COLUMN` or `COLUMN`, e.g. `{aggregator}.csv#{machine}`: where the labels are read from. */
  readonly template?: string;
  /** Grid step, ms. Absent: the step that most series have. */
  readonly stepMs?: number;
  /** Rows outside are not kept; each end may be open. */
  readonly range?: Partial<TimeRange>;
  /** `keep` (default) leaves 12.3% as 12.3 with the unit `percent`; `ratio` makes it 0.123. */
  readonly percent?: "ratio" | "keep";
}

export interface CsvProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
  readonly doneFiles: number;
  readonly totalFiles: number;
  /** The file being read. */
  readonly file: string;
}

/** All series of a set of CSV files on one grid, and what was found on the way. */
export interface CsvHistory {
  readonly series: readonly Series[];
  readonly files: readonly FileReport[];
  readonly merge: MergeReport;
  /** Series that are not among `series`, each with the reason in words. */
  readonly leftOut: readonly LeftOut[];
  /**
   * The template that gave the labels, where one was given or found in the names. Other files of the family (one day,
   * one aggregator) may not show which nodes differ, so a model keeps this and hands it in again.
   */
  readonly template: string | undefined;
  /** Things worth a line on stderr. */
  readonly notes: readonly string[];
  /** SHA-256, hex, over the files' bytes in the order in which they were read. */
  readonly fingerprint: string;
}

/**
 * Reads CSV files, folders and globs into one history: dialects detected file by file, series merged over all of them.
 *
 * Files are streamed; what is held are the values. Cells that cannot be read for certain are missing values, counted
 * with line and column in the file's report.
 *
 * @throws InputError naming the file (and line) that cannot be used at all; UsageError for a time zone or template.
 */
export async function readCsv(
  paths: readonly string[],
  options: CsvOptions = {},
  onProgress?: (progress: CsvProgress) => void,
): Promise<CsvHistory> {
  const timezone = checkTimezone(options.timezone ?? "UTC");
  const files = findCsvFiles(paths);
  const totalBytes = files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
  const hash = createHash("sha256");
  const readOptions = {
    timezone,
    rangeStartMs: options.range?.startMs ?? Number.NEGATIVE_INFINITY,
    rangeEndMs: options.range?.endMs ?? Number.POSITIVE_INFINITY,
  };
  const reports: FileReport[] = [];
  const found: (Omit<NamedPart, "labels"> & {
    readonly fields: Readonly<Record<string, string>>;
    readonly alone: boolean;
  })[] = [];
  const data = { startMs: Number.POSITIVE_INFINITY, endMs: Number.NEGATIVE_INFINITY };
  let doneBytes = 0;
  for (const file of files) {
    const read = await readCsvFile(file, readOptions, (bytes) => {
      hash.update(bytes);
      doneBytes += bytes.length;
      onProgress?.({ doneBytes, totalBytes, doneFiles: reports.length, totalFiles: files.length, file });
    });
    const { report, steps } = reportFile(file, read, options.timezone);
    reports.push(report);
    data.startMs = Math.min(data.startMs, read.counts.firstMs);
    data.endMs = Math.max(data.endMs, read.counts.lastMs);
    const series = read.tables.flatMap((table) => table.series);
    const alone = new Set(series.map((one) => one.name)).size === 1;
    series.forEach((one, i) => {
      found.push({ ...one, file, alone, step: steps[i] });
    });
  }

  if (reports.every(({ firstMs }) => firstMs === undefined)) {
    throw new InputError("no_rows", noRowsWords(data, options.range ?? {}));
  }
  const naming = nameSeries(found, options.template);
  const named: NamedPart[] = [];
  const leftOut: LeftOut[] = [];
  found.forEach((one, i) => {
    const labels = naming.labels[i];
    if (isUnnamed(labels)) leftOut.push({ name: one.name, labels: {}, reason: labels.reason });
    else named.push({ ...one, labels: labels as Labels });
  });
  if (named.length === 0) {
    const [first] = leftOut;
    throw new InputError(
      "no_series",
      `no series fits the template ${options.template}: ${first.name} of ${found[0].file}: ${first.reason}; --series sets another`,
    );
  }
  const merged = mergeHistory(named, options);
  return {
    series: merged.series,
    files: reports,
    merge: merged.report,
    leftOut: [...leftOut, ...merged.leftOut],
    template: naming.template,
    notes: [...zoneNote(reports, options.timezone), ...naming.notes],
    fingerprint: hash.digest("hex"),
  };
}

function noRowsWords(data: TimeRange, { startMs, endMs }: Partial<TimeRange>): string {
  const wanted = [
    ...(startMs === undefined ? [] : [`from ${formatUtc(startMs)}`]),
    ...(endMs === undefined ? [] : [`before ${formatUtc(endMs)}`]),
  ];
  return `there is no row ${wanted.join(" and ")}; the data runs from ${formatUtc(data.startMs)} to ${formatUtc(data.endMs)}`;
}

function zoneNote(reports: readonly FileReport[], timezone: string | undefined): string[] {
  const naive = reports.filter((report) => report.naive);
  if (naive.length === 0 || timezone !== undefined) return [];
  const which = naive.length === 1 ? naive[0].path : `${naive.length} of ${reports.length} files`;
  return [`the times of ${which} carry no zone and are read as UTC; --timezone sets another`];
}
