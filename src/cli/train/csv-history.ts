import { describeFile } from "../../csv/file-report.js";
import { describeMerge } from "../../csv/merge-history.js";
import { readCsvStored } from "../../csv/stored-history.js";
import { UsageError } from "../../errors/errors.js";
import type { CommandContext } from "../commands/spec.js";
import { withProgress } from "../progress.js";
import { askedRange } from "./asked-range.js";
import { firstOf } from "./first-of.js";
import type { TrainingHistory } from "./training-history.js";

/** The CSV files that the arguments and `--data` name. */
export async function csvHistory(context: CommandContext<"train">, scratchFolder: string): Promise<TrainingHistory> {
  const { options, positionals } = context;
  const paths = [...positionals, ...options.data];
  if (paths.length === 0) {
    throw new UsageError(
      "arguments",
      "train needs CSV files; usage: anomaly train <files, folders or globs...>, or a server with --source",
    );
  }
  const range = askedRange(context);
  const history = await withProgress(context, "reading", (progress) =>
    readCsvStored(
      paths,
      {
        timezone: options.timezone,
        template: options.series,
        stepMs: options.step,
        range,
        percent: options.percent,
        maxSeries: options.maxSeries,
        maxDecompressedBytes: options.maxDecompressed,
      },
      { threads: options.threads, signal: context.signal, scratchFolder },
      ({ doneBytes, totalBytes, file }) => progress.update(doneBytes, totalBytes, file),
    ),
  );
  const { series, files, merge, leftOut, notes, fingerprint } = history;
  return {
    series,
    leftOut,
    failures: [],
    origins: files.map(({ path }) => path),
    lines: [...firstOf(files.map(describeFile), "file"), ...describeMerge(merge)],
    notes,
    fingerprint,
    // How the names were read belongs to the model: a live CSV of one machine does not show which node the machine is.
    options: { series: options.series ?? history.template ?? null, percent: options.percent ?? null },
    json: { files, merge, left_out: leftOut, notes, fingerprint },
  };
}
