import { DEFAULT_THRESHOLD } from "../../detectors/threshold.js";
import { EXIT, type ExitCode, SourceError } from "../../errors/errors.js";
import { removeAbandoned } from "../../files/abandoned.js";
import { writeFileAtomic } from "../../files/atomic.js";
import { lockPath, withLocks } from "../../files/lock.js";
import type { AnomalyRecord } from "../../records/record.js";
import { existingRecords } from "../../records/records-file.js";
import { countStates } from "../../records/status.js";
import { failedStatuses, type OpenedJob, openJob, runJob } from "../../runs/run-job.js";
import { trainCommand } from "../../runs/run-model.js";
import type { TimeRange } from "../../series/series.js";
import { memoryPath, unreported } from "../../store/memory.js";
import { fileRunStore } from "../../store/run/file-run-store.js";
import type { CommandContext } from "../commands/spec.js";
import { type Destination, decideDestination, destinationLocks } from "../destination.js";
import { knownEvents } from "../known-events.js";
import { knownVerdicts } from "../known-verdicts.js";
import { isStoreThere, withStore } from "../open-store.js";
import { withProgress } from "../progress.js";
import { surroundings } from "../source-options.js";
import { USUAL_RECORDS } from "../usual-records.js";
import { jobFrom } from "./job-from.js";
import { type InferResult, reportResult, summaryOf } from "./report.js";
import { writeFound } from "./write-found.js";

/**
 * One run of `anomaly infer`: fetch, score, write records, statuses and memory.
 *
 * Locks come first and are held to the end: of two runs that write the same file or remember for the same model, the
 * second one stops at once.
 */
export async function infer(context: CommandContext<"infer">): Promise<ExitCode> {
  const { options, streams } = context;
  const opened = openJob(jobFrom(context));
  if (opened.run.isFallback) context.log.info(fallbackNote(opened));
  const destination = decideDestination(options.output, streams.stdoutKind, USUAL_RECORDS);
  const memoryFiles = opened.filedUnder.map((name) => memoryPath(options.stateDir, name));
  const store = fileRunStore(options.stateDir, options.states);
  return withLocks([...memoryFiles.map(lockPath), ...destinationLocks(destination)], async () => {
    const written = [...memoryFiles, options.states, options.summary, destination.kind === "path" && destination.path];
    for (const path of written) if (path) removeAbandoned(path);
    const existing = await recordsSoFar(destination, context);
    const beganMs = streams.nowMs();
    const eventsIn = (range: TimeRange) => knownEvents(context, range);
    const judged = () => knownVerdicts(context);
    const run = await withProgress(context, "fetching", (progress) =>
      runJob(opened, {
        ...surroundings(context, progress),
        store,
        existing,
        threads: options.threads,
        eventsIn,
        judged,
        minConfidence: options.minConfidence,
        onForest: (words) => context.log.info(words),
      }),
    ).catch((failure) => {
      // A request that Ctrl-C ended says nothing of the series.
      if (failure instanceof SourceError && !context.signal.aborted) {
        store.writeStatuses(failedStatuses(opened, failure.message));
      }
      throw failure;
    });
    const result: InferResult = {
      ...run,
      existing,
      reported: options.new ? unreported(run.found.records, run.memory) : run.found.records,
      seconds: (streams.nowMs() - beganMs) / 1000,
    };
    if (options.evidence !== undefined) await writeEvidence(options.evidence, opened, result);
    await save(context, result, destination);
    await keep(context, result);
    return exitCode(result, options.failOn);
  });
}

async function writeEvidence(folder: string, { job, run }: OpenedJob, { found }: InferResult): Promise<void> {
  const files = await import("../../store/evidence-files.js");
  files.writeEvidence(folder, found.evidence, {
    model: run.name,
    model_sha256: run.loaded?.checksum ?? null,
    threshold: job.threshold ?? run.loaded?.model.threshold ?? DEFAULT_THRESHOLD,
  });
}

function fallbackNote({ job, run }: OpenedJob): string {
  return `note: there is no model "${run.name}" yet, so each series is compared with its own past; ${trainCommand(job.name)} trains one`;
}

/** The records of the file that is brought up to date; none for stdout and for CSV, which is replaced. */
async function recordsSoFar(
  destination: Destination,
  { options }: CommandContext<"infer">,
): Promise<readonly AnomalyRecord[]> {
  if (destination.kind !== "path" || options.recordFormat === "csv") return [];
  return existingRecords(destination.path);
}

/** Records first: see `JobRun.commit`. */
async function save(context: CommandContext<"infer">, result: InferResult, destination: Destination): Promise<void> {
  const { options, log, signal } = context;
  signal.throwIfAborted();
  for (const note of result.found.notes) log.info(`note: ${note}`);
  const written = await writeFound(result, destination, context);
  result.commit(result.range.endMs - options.keep);
  if (options.summary !== undefined) writeFileAtomic(options.summary, `${JSON.stringify(summaryOf(result))}\n`);
  reportResult(log, result, destination, written);
}

/** Puts the episodes and what has changed of them into the store. Its code is only loaded where there is something to keep. */
async function keep(context: CommandContext<"infer">, result: InferResult): Promise<void> {
  const { records, ended } = result.found;
  if (records.length + ended.length === 0 && !isStoreThere(context)) return;
  const { recordFound } = await import("../../runs/record-found.js");
  await withStore(context, (store) => recordFound(store, context.job ?? null, result, context.streams.nowMs()));
}

/** A failed series is a partial failure, and so is a run in which no series had data: neither is "all is normal". */
function exitCode({ found, reported }: InferResult, failOn: "anomaly" | undefined): ExitCode {
  const totals = countStates(found.statuses);
  if (totals.failed > 0 || totals.no_data === found.statuses.length) return EXIT.failed;
  // What lies in a maintenance, or is held back by a verdict, alerts nobody.
  const alerting = reported.filter(({ suppressed_by }) => suppressed_by === undefined);
  return failOn === "anomaly" && alerting.length > 0 ? EXIT.anomaly : EXIT.ok;
}
