import { measureStep, type StepMeasure } from "../series/step.js";
import { formatDuration } from "../time/duration.js";
import { formatUtc } from "../time/format.js";
import { count, thousands } from "../wording/count.js";
import type { Dialect } from "./dialect-type.js";
import type { ReadFile } from "./read-file.js";
import { describeRefused, type RefusedCell } from "./table.js";

/** What was found in one file. */
export interface FileReport {
  readonly path: string;
  readonly bytes: number;
  /** In words: `wide, comma, header, ISO 8601 UTC`. */
  readonly dialect: string;
  readonly timeFormat: string;
  /** Whether its times carry no zone. */
  readonly naive: boolean;
  /** The step that most of its series have; undefined with fewer than two points. */
  readonly stepMs: number | undefined;
  readonly seriesCount: number;
  /** Series whose column had the name of one before it: `n1 (2)`. */
  readonly renamed: readonly string[];
  readonly rows: number;
  /** First and last time kept; undefined if the range wanted holds none. */
  readonly firstMs: number | undefined;
  readonly lastMs: number | undefined;
  /** Slots between a series' first and last time that hold no value, over all series. */
  readonly gaps: number;
  /** Rows at a time that was there already, and of their values those that contradict. */
  readonly duplicates: number;
  readonly conflicts: number;
  readonly ordered: boolean;
  /** Why its rows may be those of several series, in words for people. */
  readonly mixed?: string;
  readonly refused: number;
  /** Formatted cells such as `12 ms` that were converted to their base unit; they had been rounded when they were written. */
  readonly converted: number;
  /** The first few refused cells. */
  readonly refusedCells: readonly RefusedCell[];
}

/** The report of a file, and the step of each of its series in order. */
export function reportFile(path: string, read: ReadFile, timezone: string | undefined) {
  const series = read.tables.flatMap((table) => table.series);
  const steps: StepMeasure[] = series.map((one) => measureStep(one.points));
  const votes = new Map<number, number>();
  for (const { stepMs } of steps) if (stepMs !== undefined) votes.set(stepMs, (votes.get(stepMs) ?? 0) + 1);
  const [stepMs] = [...votes].sort(([stepA, a], [stepB, b]) => b - a || stepA - stepB).map(([step]) => step);

  let gaps = 0;
  let firstMs = Number.POSITIVE_INFINITY;
  let lastMs = Number.NEGATIVE_INFINITY;
  series.forEach(({ points: { times, values } }, i) => {
    if (times.length === 0) return;
    firstMs = Math.min(firstMs, times[0]);
    lastMs = Math.max(lastMs, times[times.length - 1]);
    let valid = 0;
    for (let k = 0; k < values.length; k++) if (values[k] === values[k]) valid++;
    const own = steps[i].stepMs ?? stepMs;
    const slots = own === undefined ? times.length : Math.round((times[times.length - 1] - times[0]) / own) + 1;
    gaps += Math.max(0, slots - valid);
  });
  const names = new Set(series.map((one) => one.name));
  const sum = (pick: (table: ReadFile["tables"][number]) => number) =>
    read.tables.reduce((total, table) => total + pick(table), 0);
  const duplicates = sum((table) => table.duplicateRows);
  const mixed = mixedWords(
    read,
    duplicates,
    sum((table) => table.conflicting),
  );
  const report: FileReport = {
    path,
    ...(mixed === undefined ? {} : { mixed }),
    bytes: read.bytes,
    dialect: dialectWords(read.dialect, read.blocks, timezone),
    timeFormat: read.dialect.timeFormat,
    naive: read.dialect.naive,
    stepMs,
    seriesCount: names.size,
    renamed: [...names].filter((name) => REPEATED.test(name) && names.has(name.replace(REPEATED, ""))),
    rows: read.counts.rows,
    firstMs: firstMs <= lastMs ? firstMs : undefined,
    lastMs: firstMs <= lastMs ? lastMs : undefined,
    gaps,
    duplicates,
    conflicts: sum((table) => table.conflicting),
    ordered: read.tables.every((table) => table.ordered),
    refused: read.counts.refused,
    converted: read.counts.converted,
    refusedCells: read.counts.examples,
  };
  return { report, steps };
}

/** More rows than this at times that are taken are not a stretch that was exported twice. */
const MIXED_SHARE = 0.2;

function mixedWords({ dialect, counts }: ReadFile, duplicates: number, conflicts: number): string | undefined {
  const { likelyName } = dialect;
  if (likelyName !== undefined) {
    return `rows of several series seem to be mixed: column ${JSON.stringify(likelyName)} likely names them; call it host (or name) in the header`;
  }
  if (dialect.shape === "long" || conflicts === 0 || duplicates < MIXED_SHARE * counts.rows) return undefined;
  return `rows of several series seem to be mixed: ${thousands(duplicates)} rows have a time that another row has, and no column names the series; export one that does, or one file for each`;
}

/** What `uniqueNames` puts behind the name of a second column of that name. */
const REPEATED = / \(\d+\)$/;

const DELIMITER_WORDS = { ",": "comma", ";": "semicolon", "\t": "tab" } as const;

function dialectWords(dialect: Dialect, blocks: number, timezone: string | undefined): string {
  return [
    blocks > 1 ? `${blocks} blocks` : dialect.shape,
    DELIMITER_WORDS[dialect.delimiter],
    ...(dialect.decimal === "," ? ["decimal comma"] : []),
    dialect.header ? "header" : "no header",
    ...dialect.ignored.map((name) => `without the remarks in ${name}`),
    dialect.naive ? `${dialect.timeFormat} (read as ${timezone ?? "UTC"})` : dialect.timeFormat,
  ].join(", ");
}

/**
 * A file's report as one line.
 *
 * @example "visit_hour.csv: wide, comma, header, ISO 8601 UTC; step 20m, 100 series, 13,176 rows, 2025-01-01T00:00:00Z to …"
 */
export function describeFile(report: FileReport): string {
  const parts = [
    `${report.stepMs === undefined ? "no step" : `step ${formatDuration(report.stepMs)}`}, ${count(report.seriesCount, "series")}, ${count(report.rows, "row")}`,
    report.firstMs === undefined || report.lastMs === undefined
      ? "none in the range"
      : `${formatUtc(report.firstMs)} to ${formatUtc(report.lastMs)}`,
    count(report.gaps, "gap"),
  ];
  if (report.renamed.length > 0) {
    const more = report.renamed.length > 1 ? ` and ${report.renamed.length - 1} more` : "";
    parts.push(`columns of one name (${report.renamed[0]}${more})`);
  }
  if (report.duplicates > 0)
    parts.push(
      `${count(report.duplicates, "duplicate row")} (${count(report.conflicts, "value")} ${report.conflicts === 1 ? "differs" : "differ"})`,
    );
  if (!report.ordered) parts.push("rows not in order of time");
  if (report.converted > 0) parts.push(`${count(report.converted, "formatted cell")} converted (rounded when written)`);
  if (report.refused > 0) {
    parts.push(`${count(report.refused, "cell")} refused (${describeRefused(report.refusedCells[0])})`);
  }
  return `${report.path}: ${report.dialect}; ${parts.join(", ")}`;
}
