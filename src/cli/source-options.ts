import { UsageError } from "../errors/errors.js";
import type { SourceSpec } from "../runs/source/source-spec.js";
import type { Surroundings } from "../runs/surroundings.js";
import type { CommandContext } from "./commands/spec.js";
import type { OptionValues } from "./options/table.js";
import type { Progress } from "./progress.js";

/**
 * The options of a command as the source that they describe: plain data and nothing else of the options.
 *
 * @param paths CSV files, folders and globs, from the arguments and `--data`.
 * @throws UsageError for CSV arguments beside `--source` with a server.
 */
export function sourceSpec(
  { options, positionals }: Pick<CommandContext, "options" | "positionals">,
  paths: readonly string[],
): SourceSpec {
  const source = options.source ?? "csv";
  if (source !== "csv" && positionals.length > 0 && paths.includes(positionals[0])) {
    throw new UsageError(
      "source",
      `"${positionals[0]}" names CSV data, but --source is ${source}; leave one of the two out`,
    );
  }
  return { ...serverOptions(options), source, paths };
}

/** What of the options is about servers, questions and how names are read. */
export function serverOptions(options: OptionValues): Omit<SourceSpec, "source" | "paths"> {
  const { graphiteUrl, grafanaUrl, prometheusUrl, victoriametricsUrl, datasourceUid, via } = options;
  const { concurrency, timeout, deadline, maxReply, maxDownload, caFile, certFile, keyFile, insecure } = options;
  const { template, query, label, rate, settle, timezone, series, percent } = options;
  const { maxSeries, maxDecompressed } = options;
  return {
    ...{ graphiteUrl, grafanaUrl, prometheusUrl, victoriametricsUrl, datasourceUid, via },
    ...{ concurrency, timeout, deadline, maxReply, maxDownload, caFile, certFile, keyFile, insecure },
    ...{ template, query, var: options.var, label, rate, settle, timezone, series, percent },
    ...{ maxSeries, maxDecompressed },
  };
}

/** What is around a command. */
export function surroundings(
  { streams, signal, log }: Pick<CommandContext, "streams" | "signal" | "log">,
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
