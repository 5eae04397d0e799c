import { readCsv } from "../../csv/history.js";
import { historySource } from "../../csv/source.js";
import { UsageError } from "../../errors/errors.js";
import type { Model } from "../../model/model.js";
import { endMs, type Series } from "../../series/series.js";
import type { VariableValues } from "../../sources/variable-values.js";
import { count } from "../../wording/count.js";
import { didYouMean } from "../../wording/nearest.js";
import type { Surroundings } from "../surroundings.js";
import type { OpenedSource } from "./opened.js";
import type { CsvSpec, SourceSpec } from "./source-spec.js";
import { variableFilter } from "./variable-filter.js";

/** CSV files as the source of a command. "Now" is the end of their data: files do not grow. */
export async function openCsv(
  spec: CsvSpec & Pick<SourceSpec, "var">,
  model: Model | undefined,
  { onProgress }: Pick<Surroundings, "onProgress">,
): Promise<OpenedSource> {
  const { paths } = spec;
  if (paths.length === 0) {
    throw new UsageError(
      "source",
      "there is nothing to read series from; name CSV files or folders (--data), or give a server with --source",
    );
  }
  const all = await readCsv(
    paths,
    {
      timezone: spec.timezone ?? model?.timezone,
      template: spec.series ?? textOption(model?.options["series"]),
      maxSeries: spec.maxSeries,
      maxDecompressedBytes: spec.maxDecompressed,
      percent: spec.percent ?? (model?.unit === "ratio" ? "ratio" : "keep"),
    },
    ({ doneBytes, totalBytes, file }) => onProgress(doneBytes, totalBytes, file),
  );
  refuseUnknownVariables(spec.var, all.series);
  const isAsked = variableFilter(spec.var);
  const history = { ...all, series: all.series.filter(({ labels }) => isAsked(labels)) };
  return {
    source: historySource(async () => history),
    targets: [{ expression: "*", labels: {} }],
    targetOf: (series) => series.name,
    // Of all series: which of them are requested does not change what time it is.
    nowMs: all.series.reduce((latest, series) => Math.max(latest, endMs(series)), 0),
    name: count(history.files.length, "CSV file"),
    close: async () => {},
  };
}

/** A variable that no series has as a label limits nothing: a slip that would go unseen. */
function refuseUnknownVariables(variables: readonly VariableValues[], series: readonly Series[]): void {
  const labels = [...new Set(series.flatMap((one) => Object.keys(one.labels)))].sort();
  const unknown = variables.find(({ name }) => !labels.includes(name));
  if (unknown === undefined || series.length === 0) return;
  throw new UsageError(
    "var",
    `--var ${unknown.name}: no series has such a label, there are ${labels.join(", ")}${didYouMean(unknown.name, labels)}`,
  );
}

const textOption = (value: unknown) => (typeof value === "string" ? value : undefined);
