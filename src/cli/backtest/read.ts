import { readFileSync } from "node:fs";
import { InputError, UsageError } from "../../errors/errors.js";
import { type BacktestInput, readBacktestInputs } from "../../evaluate/backtest-input.js";
import { type LabelInterval, parseLabelIntervals } from "../../evaluate/label-intervals.js";
import type { BacktestOptions } from "../../evaluate/run-backtest.js";
import { endMs, type TimeRange } from "../../series/series.js";
import { checkTimezone } from "../../time/timezone.js";
import { askedThreshold } from "../asked-threshold.js";
import type { CommandContext } from "../commands/spec.js";
import { knownEvents } from "../known-events.js";
import { knownVerdicts } from "../known-verdicts.js";
import { withProgress } from "../progress.js";

/** The series to replay, and their labels. */
export async function readInputs(context: CommandContext<"backtest">): Promise<readonly BacktestInput[]> {
  const { options, positionals, log } = context;
  const paths = [...positionals, ...options.data];
  if (paths.length === 0) {
    throw new UsageError("arguments", "backtest needs CSV files to replay; usage: anomaly backtest <files…>");
  }
  const intervals = options.labels === undefined ? undefined : readLabels(options.labels, options.timezone);
  const csv = {
    timezone: options.timezone,
    template: options.series,
    percent: options.percent,
    maxSeries: options.maxSeries,
    maxDecompressedBytes: options.maxDecompressed,
    stepMs: options.step,
  };
  const { inputs, notes } = await withProgress(context, "reading", (progress) =>
    readBacktestInputs(paths, { csv, labelColumn: options.labelColumn, intervals }, progress.update),
  );
  if (inputs.length === 0) throw new InputError("no_series", "there is no series to replay in these files");
  for (const note of notes) log.info(`note: ${note}`);
  return inputs;
}

/** What is requested of every replay, whichever detector it is of. */
export async function replayOptions(
  context: CommandContext<"backtest">,
  inputs: readonly BacktestInput[],
): Promise<Omit<BacktestOptions, "detector">> {
  const { options, signal, origins } = context;
  return {
    effort: options.effort,
    timezone: checkTimezone(options.timezone ?? "UTC"),
    seed: options.seed,
    threshold: askedThreshold(options, origins),
    refitMs: options.refit,
    ignoreMs: options.ignore,
    vus: options.vus,
    events: await knownEvents(context, spanOf(inputs)),
    judged: await knownVerdicts(context),
    toleranceMs: options.tolerance,
    threads: options.threads,
    signal,
  };
}

function readLabels(path: string, timezone: string | undefined): LabelInterval[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new InputError("labels", `cannot read ${path}, the labels; check the path`, { cause });
  }
  return parseLabelIntervals(text, path, checkTimezone(timezone ?? "UTC"));
}

function spanOf(inputs: readonly BacktestInput[]): TimeRange {
  return inputs.reduce(
    (span, { series }) => ({
      startMs: Math.min(span.startMs, series.startMs),
      endMs: Math.max(span.endMs, endMs(series)),
    }),
    { startMs: Number.POSITIVE_INFINITY, endMs: Number.NEGATIVE_INFINITY },
  );
}
