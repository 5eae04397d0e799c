import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Threshold } from "../../detectors/threshold.js";
import { EXIT, type ExitCode, InputError, UsageError } from "../../errors/errors.js";
import { type BacktestInput, readBacktestInputs } from "../../evaluate/backtest-input.js";
import { backtestJson } from "../../evaluate/figures-json.js";
import { type LabelInterval, parseLabelIntervals } from "../../evaluate/label-intervals.js";
import { type Backtest, runBacktest } from "../../evaluate/run-backtest.js";
import { removeUnfinished } from "../../files/abandoned.js";
import { writeFileAtomic } from "../../files/atomic.js";
import { lockPath, withLocks } from "../../files/lock.js";
import { reportLines } from "../../report/terminal/backtest-lines.js";
import { endMs, type TimeRange } from "../../series/series.js";
import { checkTimezone } from "../../time/timezone.js";
import { count, thousands } from "../../wording/count.js";
import { askedDetector } from "../asked-detector.js";
import { askedThreshold } from "../asked-threshold.js";
import type { CommandContext } from "../commands/spec.js";
import { knownEvents } from "../known-events.js";
import { knownVerdicts } from "../known-verdicts.js";
import { withProgress } from "../progress.js";
import { drawResults } from "./draw.js";
import { EPISODES_FILE, fileNames, rememberWritten, removeEarlier, USUAL_BACKTESTS } from "./places.js";

/** One run of `anomaly backtest`: read, replay, write scores and episodes, say what it is worth. */
export async function backtest(context: CommandContext<"backtest">): Promise<ExitCode> {
  const { options, streams, log } = context;
  const folder = options.output ?? USUAL_BACKTESTS;
  if (folder === "-") throw new UsageError("output", "backtest writes one file per series; give -o a folder");
  const intervals = options.labels === undefined ? undefined : readLabels(options.labels, options.timezone);
  const threshold = askedThreshold(options, context.origins);
  const { detector } = options;
  const beganMs = streams.nowMs();
  const { inputs, notes } = await read(context, intervals);
  for (const note of notes) log.info(`note: ${note}`);
  return withLocks([lockPath(folder)], async () => {
    removeEarlier(folder);
    const names = fileNames(inputs);
    rememberWritten(
      folder,
      names.flatMap((name) => [`${name}.csv`, ...(options.drawScores ? [`${name}.png`] : [])]),
    );
    const scoresOf = (place: number) => join(folder, `${names[place]}.csv`);
    const result = await replay(context, inputs, threshold, scoresOf).finally(() => removeUnfinished(folder));
    const records = result.results.flatMap((one) => one.records);
    writeFileAtomic(join(folder, EPISODES_FILE), records.map((record) => `${JSON.stringify(record)}\n`).join(""));
    if (options.drawScores) await drawResults(context, result.results, (place) => join(folder, `${names[place]}.png`));
    const seconds = (streams.nowMs() - beganMs) / 1000;
    const json = `${JSON.stringify(backtestJson(result, { detector, seconds }))}\n`;
    await streams.out(options.json ? json : `${reportLines(result, options.vus).join("\n")}\n`);
    const unscored = result.results.filter(({ ranking }) => !(ranking.unscoredShare < 1));
    if (unscored.length > 0) {
      log.warn(
        `${unscored[0].input.name} was not scored at all: its history after the warm-up is too short for --detector ${detector}` +
          (unscored.length > 1 ? ` (and ${unscored.length - 1} more)` : ""),
      );
    }
    const slots = inputs.reduce((sum, { series }) => sum + series.values.length, 0);
    log.info(
      `${folder}/: scores of ${count(inputs.length, "series", "series")} (${thousands(slots)} slots), ` +
        `${count(records.length, "episode")} in ${EPISODES_FILE}`,
    );
    return EXIT.ok;
  });
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

async function read(context: CommandContext<"backtest">, intervals: readonly LabelInterval[] | undefined) {
  const { options, positionals } = context;
  const paths = [...positionals, ...options.data];
  if (paths.length === 0) {
    throw new UsageError("arguments", "backtest needs CSV files to replay; usage: anomaly backtest <files…>");
  }
  const csv = {
    timezone: options.timezone,
    template: options.series,
    percent: options.percent,
    maxSeries: options.maxSeries,
    maxDecompressedBytes: options.maxDecompressed,
    stepMs: options.step,
  };
  const found = await withProgress(context, "reading", (progress) =>
    readBacktestInputs(paths, { csv, labelColumn: options.labelColumn, intervals }, progress.update),
  );
  if (found.inputs.length === 0) throw new InputError("no_series", "there is no series to replay in these files");
  return found;
}

async function replay(
  context: CommandContext<"backtest">,
  inputs: readonly BacktestInput[],
  threshold: Threshold | undefined,
  pathOf: (place: number) => string,
): Promise<Backtest> {
  const { options, signal } = context;
  const events = await knownEvents(context, spanOf(inputs));
  const judged = await knownVerdicts(context);
  return withProgress(context, "replaying", (progress) =>
    runBacktest(inputs, {
      detector: askedDetector(options),
      effort: options.effort,
      timezone: checkTimezone(options.timezone ?? "UTC"),
      seed: options.seed,
      threshold,
      refitMs: options.refit,
      ignoreMs: options.ignore,
      vus: options.vus,
      events,
      judged,
      toleranceMs: options.tolerance,
      threads: options.threads,
      pathOf: (_, place) => pathOf(place),
      onProgress: (phase, done, total) => progress.update(done, total, phase),
      signal,
    }),
  );
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
