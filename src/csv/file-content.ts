import { createHash } from "node:crypto";
import type { StepMeasure } from "../series/step.js";
import { Scratch } from "../shelf/scratch.js";
import type { InputLimits } from "../sources/input-limits.js";
import { type FileReport, reportFile } from "./file-report.js";
import { readCsvFile } from "./read-file.js";
import type { SpilledColumn } from "./spilled-columns.js";
import type { ReadSeries } from "./table.js";

/** One file to read: plain data, so that any thread can. */
export interface FileJob {
  readonly path: string;
  /** Zone of times that carry none, as it was given. Absent: UTC. */
  readonly timezone: string | undefined;
  /** Rows outside `[rangeStartMs, rangeEndMs)` are counted and not kept. */
  readonly rangeStartMs: number;
  readonly rangeEndMs: number;
  /** What is refused instead of filling the memory. */
  readonly limits: InputLimits;
  /** The file that values are put into. Absent: they stay in memory. */
  readonly scratchPath?: string;
}

/** One series of a file: plain data. */
export interface FileSeries extends Omit<ReadSeries, "points"> {
  readonly times: Float64Array;
  /** Empty where they are spilled. */
  readonly values: Float64Array;
  readonly spilled?: SpilledColumn;
  readonly step: StepMeasure;
}

/** What a file holds: plain data. */
export interface FileContent {
  readonly report: FileReport;
  readonly series: readonly FileSeries[];
  /** First and last time of its rows, those outside the range wanted too. */
  readonly firstMs: number;
  readonly lastMs: number;
  readonly sha256: string;
}

/** Reads one file and says what is in it. @throws InputError as `readCsvFile`. */
export async function readContent(job: FileJob, onBytes: (bytes: number) => void): Promise<FileContent> {
  const hash = createHash("sha256");
  const scratch = job.scratchPath === undefined ? undefined : new Scratch(job.scratchPath);
  const { rangeStartMs, rangeEndMs, timezone = "UTC" } = job;
  try {
    const read = await readCsvFile(
      job.path,
      { ...job.limits, timezone, rangeStartMs, rangeEndMs, scratch },
      (bytes) => {
        hash.update(bytes);
        onBytes(bytes.length);
      },
    );
    const { report, steps } = reportFile(job.path, read, job.timezone);
    const series = read.tables
      .flatMap((table) => table.series)
      .map(({ points, ...one }, i): FileSeries => {
        const values = one.spilled === undefined ? points.values : new Float64Array(0);
        return { ...one, times: points.times, values, step: steps[i] };
      });
    const { firstMs, lastMs } = read.counts;
    return { report, series, firstMs, lastMs, sha256: hash.digest("hex") };
  } finally {
    scratch?.close();
  }
}
