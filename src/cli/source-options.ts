import { UsageError } from "../errors/errors.js";
import type { QuestionSpec, ServerSpec, SourceSpec } from "../runs/source/source-spec.js";
import type { Surroundings } from "../runs/surroundings.js";
import type { CommandContext, WholeContext } from "./commands/spec.js";
import type { OptionsOf } from "./options/table.js";
import type { Progress } from "./progress.js";

/** The commands that read series, from CSV files or a server. */
type Reading = "infer" | "hydrate" | "plot" | "around";
/** The commands that ask a server for series. */
type Asking = Reading | "train" | "doctor";

/**
 * The options of a command as the source that they describe: plain data and nothing else of the options.
 *
 * @param paths CSV files, folders and globs, from the arguments and `--data`.
 * @throws UsageError for CSV arguments beside `--source` with a server.
 */
export function sourceSpec(
  { options, positionals }: Pick<CommandContext<Reading>, "options" | "positionals">,
  paths: readonly string[],
): SourceSpec {
  const source = options.source ?? "csv";
  if (source !== "csv" && positionals.length > 0 && paths.includes(positionals[0])) {
    throw new UsageError(
      "source",
      `"${positionals[0]}" names CSV data, but --source is ${source}; leave one of the two out`,
    );
  }
  const { timezone, series, percent, maxDecompressed } = options;
  return { ...questionSpec(options), ...{ timezone, series, percent, maxDecompressed }, source, paths };
}

/** The options about a server and what is asked of it. */
export function questionSpec(options: OptionsOf<Asking>): ServerSpec & QuestionSpec {
  const { via, maxSeries, template, query, label, rate } = options;
  return { ...serverSpec(options), ...{ via, maxSeries, template, query, var: options.var, label, rate } };
}

/** The options about how a server is reached. */
export function serverSpec(options: OptionsOf<Asking | "init">): ServerSpec {
  const { graphiteUrl, grafanaUrl, prometheusUrl, victoriametricsUrl, datasourceUid } = options;
  const { concurrency, timeout, deadline, maxReply, maxDownload, caFile, certFile, keyFile, insecure } = options;
  return {
    ...{ graphiteUrl, grafanaUrl, prometheusUrl, victoriametricsUrl, datasourceUid },
    ...{ concurrency, timeout, deadline, maxReply, maxDownload, caFile, certFile, keyFile, insecure },
  };
}

/** What is around a command. */
export function surroundings(
  { streams, signal, log }: Pick<WholeContext, "streams" | "signal" | "log">,
  progress?: Progress,
): Surroundings {
  return {
    env: streams.env,
    nowMs: streams.nowMs,
    signal,
    warn: (message) => log.warn(message),
    debug: (message) => log.debug(message),
    onProgress: progress?.update ?? (() => {}),
  };
}
