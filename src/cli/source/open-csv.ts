import { UsageError } from "../../errors/errors.js";
import { endMs } from "../../series/series.js";
import { readCsv } from "../../sources/csv/history.js";
import { historySource } from "../../sources/csv/source.js";
import { count } from "../aligned.js";
import type { CommandContext } from "../commands/spec.js";
import type { SourceRequest } from "./open.js";
import type { OpenedSource } from "./opened.js";
import { variableFilter } from "./variable-filter.js";

/** CSV files as the source of a command. "Now" is the end of their data: files do not go on. */
export async function openCsv(
  { options }: CommandContext,
  { paths, model, progress }: SourceRequest,
): Promise<OpenedSource> {
  if (paths.length === 0) {
    throw new UsageError(
      "source",
      "there is nothing to read series from; name CSV files or folders (--data), or give --source graphite or grafana",
    );
  }
  const all = await readCsv(
    paths,
    {
      timezone: options.timezone ?? model?.plan.timezone,
      template: options.series ?? textOption(model?.options["series"]),
      percent: options.percent ?? (model?.unit === "ratio" ? "ratio" : "keep"),
    },
    ({ doneBytes, totalBytes, file }) => progress.update(doneBytes, totalBytes, file),
  );
  const isAsked = variableFilter(options.var);
  const history = { ...all, series: all.series.filter(({ labels }) => isAsked(labels)) };
  return {
    source: historySource(async () => history),
    targets: [{ expression: "*", labels: {} }],
    targetOf: (series) => series.name,
    nowMs: history.series.reduce((latest, series) => Math.max(latest, endMs(series)), 0),
    name: count(history.files.length, "CSV file"),
    close: async () => {},
  };
}

const textOption = (value: unknown) => (typeof value === "string" ? value : undefined);
