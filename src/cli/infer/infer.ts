import type { Model } from "../../detectors/family/learned.js";
import { formatThreshold } from "../../detectors/threshold.js";
import { EXIT, type ExitCode, SourceError, UsageError } from "../../errors/errors.js";
import { removeAbandoned } from "../../files/abandoned.js";
import { writeFileAtomic } from "../../files/atomic.js";
import { withLocks } from "../../files/lock.js";
import { isOwnedBy, type Owner } from "../../records/origin.js";
import type { AnomalyRecord } from "../../records/record.js";
import { countStates, type SeriesStatus } from "../../records/status.js";
import { chooseDetector, methodName, USUAL_METHOD } from "../../runs/detector-for.js";
import { findAnomalies } from "../../runs/find-anomalies.js";
import { forgetOwn, knownEpisodes } from "../../runs/known-episodes.js";
import { reportedRange } from "../../runs/range.js";
import { rememberedStates } from "../../runs/remembered-states.js";
import { type RunModel, runModel, trainCommand } from "../../runs/run-model.js";
import { withSource } from "../../runs/source/open.js";
import { memoryPath, readMemory, remember, unreported, withoutEnded, writeMemory } from "../../store/memory.js";
import type { WatchStore } from "../../watch/watch-store.js";
import { escapeInvisible } from "../../wording/visible.js";
import { askedThreshold } from "../asked-threshold.js";
import type { CommandContext } from "../commands/spec.js";
import { type Destination, decideDestination, destinationLocks, lockPath } from "../destination.js";
import { withProgress } from "../progress.js";
import { USUAL_RECORDS } from "../usual-records.js";
import { existingRecords } from "../write-records.js";
import { knobsFrom, thresholdFrom } from "./knobs.js";
import { type InferResult, reportResult, summaryOf } from "./report.js";
import { writeFound } from "./write-found.js";

/**
 * One run of `anomaly infer`: fetch, score, write records, states and memory.
 *
 * Locks come first and are held to the end: of two runs that write the same file or remember for the same model, the
 * second one stops at once.
 */
export async function infer(context: CommandContext): Promise<ExitCode> {
  const { options, streams } = context;
  const run = runModel(context);
  const { method } = run;
  if (run.isFallback) context.log.info(fallbackNote(run, context));
  const name = methodName(run.name, method);
  const destination = decideDestination(options.output, streams.stdoutKind, USUAL_RECORDS);
  const memoryFile = memoryPath(options.stateDir, name);
  return withLocks([lockPath(memoryFile), ...destinationLocks(destination)], async () => {
    const written = [memoryFile, options.states, options.summary, destination.kind === "path" && destination.path];
    for (const path of written) if (path) removeAbandoned(path);
    const existing = await recordsSoFar(destination, context);
    const result = await look(context, run, memoryFile, existing).catch((failure) => {
      // A request that Ctrl-C ended says nothing of the series.
      if (failure instanceof SourceError && !context.signal.aborted) {
        writeStates(options.states, failedStatuses(run.loaded?.model, failure.message));
      }
      throw failure;
    });
    if (options.evidence !== undefined) {
      const { writeEvidence } = await import("../../store/evidence-files.js");
      writeEvidence(options.evidence, result.found.evidence, {
        model: run.name,
        model_sha256: run.loaded?.checksum ?? null,
        detector: method,
        threshold: thresholdFrom(options, context.origins, run.loaded?.model),
      });
    }
    await save(context, result, destination, memoryFile);
    return exitCode(result, options.failOn);
  });
}

/** Fetches and scores; nothing is written yet. */
async function look(
  context: CommandContext,
  run: RunModel,
  memoryFile: string,
  existing: readonly AnomalyRecord[],
): Promise<InferResult> {
  const { options, streams, positionals } = context;
  const beganMs = streams.nowMs();
  const { method, loaded } = run;
  const model = loaded?.model;
  const name = methodName(run.name, method);
  const owner: Owner = { job: context.job ?? null, detector: method };
  const remembered = readMemory(memoryFile);
  const memory = options.fresh ? forgetOwn(remembered, owner) : remembered;
  return withProgress(context, "fetching", (progress) =>
    withSource(context, { paths: [...positionals, ...options.data], model, progress }, async (opened) => {
      if (opened.targets.length === 0) {
        const needed =
          "a server needs to know what is asked: --template, such as statsd.{machine}.gauges.{aggregator}, for Graphite; --query for PromQL";
        throw new UsageError("template", needed);
      }
      const timezone = options.timezone ?? model?.plan.timezone ?? "UTC";
      const range = reportedRange(options, { sourceNowMs: opened.nowMs, wallClockMs: beganMs, timezone });
      const threshold = thresholdFrom(options, context.origins, model);
      const knobs = knobsFrom(options);
      const open = rememberedStates(options, { loaded, name, threshold, knobs, opened }, range);
      let states: WatchStore | undefined;
      const found = await findAnomalies(
        {
          store: open && ((stepMs, historyMs, divisor) => (states = open(stepMs, historyMs, divisor))),
          loaded,
          modelName: run.name,
          rememberedStepMs: options.fresh ? undefined : memory.step_ms,
          timezone,
          chosen: chooseDetector(model, method, threshold),
          ownThreshold: method === "residual" ? askedThreshold(options, context.origins) : undefined,
          rememberedDivisor: options.fresh ? undefined : memory.divisor,
          job: owner.job,
          withEvidence: options.evidence !== undefined,
          opened,
          range,
          knobs,
          existing: existing.filter((record) => isOwnedBy(record, owner)),
          known: options.fresh ? [] : knownEpisodes(memory, existing, owner),
          variables: options.var,
          signal: context.signal,
          // A look at a moment in the past is what a run at that moment would have been.
          detectedAtMs: options.at === undefined ? beganMs : range.endMs,
        },
        progress,
      );
      return {
        found,
        states,
        reported: options.new ? unreported(found.records, memory) : found.records,
        existing,
        // Records of the detector that stood in for a missing model are this run's to close, now that there is one.
        owners:
          method === USUAL_METHOD && options.detector === undefined
            ? [owner, { ...owner, detector: "residual" }]
            : [owner],
        memory: {
          ...memory,
          ...(loaded === undefined && { step_ms: found.stepMs }),
          ...(found.divisor !== undefined && { divisor: found.divisor }),
        },
        range,
        model: { name, checksum: loaded?.checksum ?? null },
        threshold:
          method === "residual" && found.divisor === undefined ? "each series' own" : formatThreshold(threshold),
        source: opened.name,
        seconds: (streams.nowMs() - beganMs) / 1000,
      };
    }),
  );
}

function fallbackNote({ name }: RunModel, { job }: CommandContext): string {
  return `note: there is no model "${name}" yet, so each series is looked at against its own past; ${trainCommand(job)} makes one`;
}

/** The records of the file that is brought up to date; none for stdout and for CSV, which is replaced. */
async function recordsSoFar(destination: Destination, { options }: CommandContext): Promise<readonly AnomalyRecord[]> {
  if (destination.kind !== "path" || options.recordFormat === "csv") return [];
  return existingRecords(destination.path);
}

/**
 * Records first, states and memory last: a run that is killed in between only reports once more what it has reported, under the
 * same ids.
 */
async function save(
  context: CommandContext,
  result: InferResult,
  destination: Destination,
  memoryFile: string,
): Promise<void> {
  const { options, log, signal } = context;
  signal.throwIfAborted();
  for (const note of result.found.notes) log.info(`note: ${note}`);
  const written = await writeFound(result, destination, context);
  writeStates(options.states, result.found.statuses);
  result.states?.write();
  writeMemory(
    memoryFile,
    remember(withoutEnded(result.memory, result.found.ended), result.found.records, result.range.endMs - options.keep),
  );
  if (options.summary !== undefined) writeFileAtomic(options.summary, `${JSON.stringify(summaryOf(result))}\n`);
  reportResult(log, result, destination, written);
}

function writeStates(path: string, statuses: readonly SeriesStatus[]): void {
  writeFileAtomic(path, escapeInvisible(statuses.map((status) => `${JSON.stringify(status)}\n`).join("")));
}

/** Nothing could be fetched: the states of the run before must not stand there as if they were today's. */
function failedStatuses(model: Model | undefined, reason: string): readonly SeriesStatus[] {
  return (model?.series ?? []).map(({ name, labels }) => ({
    machine: labels["machine"] ?? "",
    aggregator: labels["aggregator"] ?? "",
    series: name,
    state: "failed",
    score: null,
    last_at: null,
    last_value: null,
    reason,
  }));
}

/** A failed series is a partial failure, and so is a run in which no series had data: neither is "all is normal". */
function exitCode({ found, reported }: InferResult, failOn: "anomaly" | undefined): ExitCode {
  const totals = countStates(found.statuses);
  if (totals.failed > 0 || totals.no_data === found.statuses.length) return EXIT.failed;
  return failOn === "anomaly" && reported.length > 0 ? EXIT.anomaly : EXIT.ok;
}
