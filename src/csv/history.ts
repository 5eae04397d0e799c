import { createHash } from "node:crypto";
import { InputError } from "../errors/errors.js";
import type { Labels, Series, TimeRange } from "../series/series.js";
import { DEFAULT_MAX_SERIES, tooManySeries } from "../sources/input-limits.js";
import { formatUtc } from "../time/format.js";
import type { CsvOptions, CsvProgress } from "./csv-options.js";
import type { FileContent } from "./file-content.js";
import type { FileReport } from "./file-report.js";
import { findCsvFiles } from "./files.js";
import { isUnnamed, nameSeries } from "./labels.js";
import { type LeftOut, type MergeReport, mergeHistory, type NamedPart } from "./merge-history.js";
import { readFiles } from "./read-files.js";
import { spilledPoints } from "./spilled-columns.js";

/** All series of a set of CSV files on one grid, and what was found on the way. */
export interface CsvHistory<Kept = Series> {
  readonly series: readonly Kept[];
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
  /** SHA-256, hex, over the SHA-256 of each file in the order of the files. */
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
  const history = await readFiles(findCsvFiles(paths), options, {}, onProgress);
  return mergeFiles(history, options, (series) => series);
}

/** What the files hold, put together. */
export function mergeFiles<Kept>(
  read: readonly FileContent[],
  options: CsvOptions,
  keep: (series: Series) => Kept,
): CsvHistory<Kept> {
  const reports = read.map(({ report }) => report);
  const data = {
    startMs: Math.min(...read.map(({ firstMs }) => firstMs)),
    endMs: Math.max(...read.map(({ lastMs }) => lastMs)),
  };
  const found = read.flatMap(({ report, series }) => {
    const alone = new Set(series.map((one) => one.name)).size === 1;
    return series.map(({ times, values, spilled, ...one }) => {
      const points = spilled === undefined ? { times, values } : spilledPoints(times, spilled);
      return { ...one, points, file: report.path, alone };
    });
  });

  if (reports.every(({ firstMs }) => firstMs === undefined)) {
    throw new InputError("no_rows", noRowsWords(data, options.range ?? {}));
  }
  refuseTooMany(found, options.maxSeries ?? DEFAULT_MAX_SERIES);
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
  const merged = mergeHistory(named, options, keep);
  return {
    series: merged.series,
    files: reports,
    merge: merged.report,
    leftOut: [...leftOut, ...merged.leftOut],
    template: naming.template,
    notes: [
      ...reports.flatMap(({ path, mixed }) => (mixed === undefined ? [] : [`${path}: ${mixed}`])),
      ...zoneNote(reports, options.timezone),
      ...naming.notes,
    ],
    fingerprint: createHash("sha256")
      .update(read.map(({ sha256 }) => sha256).join(""))
      .digest("hex"),
  };
}

/** No file has too many, but all together may. The same name in another file is the same series, as far as is known here. */
function refuseTooMany(found: readonly { readonly name: string; readonly file: string }[], maxSeries: number): void {
  if (found.length <= maxSeries) return;
  const names = new Set<string>();
  for (const { name, file } of found) {
    names.add(name);
    if (names.size > maxSeries) throw tooManySeries(`the set of files up to ${file}`, maxSeries);
  }
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
  return [`the times of ${which} have no time zone and are read as UTC; --timezone sets another`];
}
