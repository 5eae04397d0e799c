import { statSync } from "node:fs";
import { dirname } from "node:path";
import { messageOf, SourceError } from "../../errors/errors.js";
import { removeAbandoned } from "../../files/abandoned.js";
import { fileStamp } from "../../files/file-stamp.js";
import { lockPath, withLocks } from "../../files/lock.js";
import { keptModels, readManifest } from "../../model/folder.js";
import type { AnomalyRecord } from "../../records/record.js";
import { existingRecords, writeRecordsFile } from "../../records/records-file.js";
import { readStates } from "../../records/states-file.js";
import { countStates } from "../../records/status.js";
import { recordsAfter } from "../../runs/records-after.js";
import { failedStatuses, type JobRun, type OpenedJob, openJob, runJob } from "../../runs/run-job.js";
import type { Surroundings } from "../../runs/surroundings.js";
import { memoryPath } from "../../store/memory.js";
import { fileRunStore } from "../../store/run/file-run-store.js";
import type { GrownForests } from "../../verdicts/confidence/confidence.js";
import { type WarmFiles, warmFiles } from "../../watch/warm-files.js";
import type { WriteQueues } from "../write/write-queues.js";
import type { Note, Order, RunReport, ServedJob } from "./order.js";
import { SeriesTable } from "./series-table.js";

/** What is kept of a job between its runs. */
interface Kept {
  readonly table: SeriesTable;
  /** The records as the file holds them, and how to see that another process has written it since. */
  records: readonly AnomalyRecord[];
  stamp: string | undefined;
}

type RunLimits = Pick<
  Extract<Order, { kind: "run" }>,
  "mostWarmBytes" | "queues" | "events" | "judged" | "minConfidence"
>;

/** Runs jobs and keeps what their next run continues from. */
export interface ServedRuns {
  /**
   * One run: what `anomaly infer --job` does at this moment, with the same files. What is new is noted before the run has ended.
   *
   * @throws what the run throws; its series are then noted as failed. LockedError while another process writes the same files.
   */
  readonly run: (
    served: ServedJob,
    note: (note: Note, transfer?: readonly ArrayBuffer[]) => void,
    signal: AbortSignal,
    limits: RunLimits,
  ) => Promise<RunReport>;
  /** Notes what the files hold of earlier runs. */
  readonly remember: (
    served: ServedJob,
    note: (note: Note, transfer?: readonly ArrayBuffer[]) => void,
  ) => Promise<void>;
  readonly forget: (name: string) => void;
  /** Writes the checkpoints that are only in memory. */
  readonly flush: () => void;
}

/** Where no limit is set: ten thousand series of the family detector at one minute, checkpoints and scorers, take 520 MB. */
const MOST_WARM_BYTES = 6e8;

/** @param around the process; `signal`, `warn`, `debug` and progress are those of each run. */
export function servedRuns({ env, nowMs }: Pick<Surroundings, "env" | "nowMs">): ServedRuns {
  const kept = new Map<string, Kept>();
  const warm = warmFiles();
  const loadModel = keptModels();
  const grownForests: GrownForests = new Map();
  let opened: WriteQueues | undefined;
  const queuesOf = async ({ queues }: RunLimits) => {
    if (queues === null) return undefined;
    // Loaded only where something is written: its packages take time and memory.
    opened ??= new (await import("../write/write-queues.js")).WriteQueues(queues);
    return opened;
  };
  return {
    forget: (name) => kept.delete(name),
    flush: warm.flush,
    remember: async (served, note) => {
      const own = keptOf(kept, served);
      own.stamp = fileStamp(served.records);
      own.records = await existingRecords(served.records);
      notePieces(own.table.remember(readStates(served.states, false) ?? []), note);
      noteRecords(own.records, note);
    },
    run: async (served, note, signal, limits) => {
      const own = keptOf(kept, served);
      warm.live.setRoom((limits.mostWarmBytes ?? MOST_WARM_BYTES) - warm.bytes());
      try {
        const around: Surroundings = {
          env,
          nowMs,
          signal,
          warn: (message) => note({ kind: "warn", message }),
          debug: (message) => note({ kind: "debug", message }),
          onProgress: () => signal.throwIfAborted(),
        };
        const report = await runAndKeep(
          served,
          own,
          { ...limits, warm, loadModel, queues: await queuesOf(limits), grownForests },
          around,
          note,
        );
        const shed = limits.mostWarmBytes === null ? 0 : warm.shed(limits.mostWarmBytes);
        return { ...report, warmBytes: warm.bytes(), shed };
      } catch (thrown) {
        if (!signal.aborted) noteFigures(own.table.fail(messageOf(thrown)), note);
        throw thrown;
      }
    },
  };
}

async function runAndKeep(
  served: ServedJob,
  own: Kept,
  {
    warm,
    loadModel,
    queues,
    events,
    judged,
    minConfidence,
    grownForests,
  }: Pick<RunLimits, "events" | "judged" | "minConfidence"> & {
    readonly warm: WarmFiles;
    readonly loadModel: ReturnType<typeof keptModels>;
    readonly queues: WriteQueues | undefined;
    readonly grownForests: GrownForests;
  },
  around: Surroundings,
  note: (note: Note, transfer?: readonly ArrayBuffer[]) => void,
): Promise<Omit<RunReport, "warmBytes" | "shed">> {
  const beganMs = performance.now();
  const opened = openJob(served.job, loadModel);
  const memoryFiles = opened.filedUnder.map((name) => memoryPath(served.stateDir, name));
  const store = fileRunStore(served.stateDir, served.states, warm);
  return withLocks([...memoryFiles.map(lockPath), lockPath(served.records)], async () => {
    for (const path of [...memoryFiles, served.states, served.records]) removeAbandoned(path);
    const stamp = fileStamp(served.records);
    const isFirst = own.stamp === undefined;
    // With records that another process has written since nothing is known of what was sent.
    const existing = stamp !== undefined && stamp === own.stamp ? own.records : await existingRecords(served.records);
    const run = await runJob(opened, {
      ...around,
      store,
      existing,
      withPoints: true,
      eventsIn: async () => events,
      judged: async () => judged,
      minConfidence,
      grownForests,
      onForest: (message) => note({ kind: "info", message }),
    }).catch((failure) => {
      if (failure instanceof SourceError && !around.signal.aborted) {
        store.writeStatuses(failedStatuses(opened, failure.message));
      }
      throw failure;
    });
    around.signal.throwIfAborted();
    const merged = recordsAfter(existing, { ...run, reported: run.found.records }, served.keepMs);
    // Records first: a run that is killed in between only finds them again.
    if (stamp === undefined || !sameRecords(existing, merged.records)) writeRecordsFile(served.records, merged.records);
    // Before the checkpoints are kept: a run that is killed in between finds the same slots again, and that they are queued.
    const queued = queues?.add(served.job.name, run.found.statuses, run.found.points, around.nowMs());
    if (queued !== undefined) note({ kind: "queued", queued });
    run.commit(run.range.endMs - served.keepMs);
    const before = new Set(own.records);
    const changed = merged.records.filter((record) => !before.has(record));
    const isSame = !isFirst && changed.length === 0 && merged.records.length === own.records.length;
    own.records = merged.records;
    own.stamp = fileStamp(served.records);
    notePieces(own.table.update(run.found.statuses, run.found.points), note);
    noteRecords(changed, note);
    return {
      ...reportOf(opened, run),
      seconds: (performance.now() - beganMs) / 1000,
      added: merged.added,
      updated: merged.updated,
      dropped: merged.dropped,
      ids: isSame ? null : merged.records.map(({ id }) => id),
    };
  });
}

/** This many records are unpacked on the other side within a few milliseconds. */
const RECORDS_A_NOTE = 100;

function reportOf({ run: { loaded, assignments } }: OpenedJob, { found, range, source }: JobRun) {
  return {
    untilMs: range.endMs,
    source,
    detector: assignments.length === 1 ? assignments[0].detector : "auto",
    model:
      loaded === undefined
        ? null
        : { name: loaded.name, version: loaded.checksum.slice(0, 16), trainedAtMs: trainedMs(loaded.path) },
    fetchedSeries: found.fetchedSeries,
    totals: countStates(found.statuses),
    notes: found.notes,
  };
}

type Noting = (note: Note, transfer?: readonly ArrayBuffer[]) => void;

function keptOf(kept: Map<string, Kept>, { job: { name } }: ServedJob): Kept {
  const own = kept.get(name) ?? { table: new SeriesTable(), records: [], stamp: undefined };
  kept.set(name, own);
  return own;
}

function notePieces(pieces: ReturnType<SeriesTable["update"]>, note: Noting): void {
  for (const piece of pieces) {
    if (piece.kind === "figures") noteFigures(piece, note);
    else note(piece);
  }
}

function noteRecords(records: readonly AnomalyRecord[], note: Noting): void {
  for (let at = 0; at < records.length; at += RECORDS_A_NOTE) {
    note({ kind: "records", changed: records.slice(at, at + RECORDS_A_NOTE) });
  }
}

function noteFigures(
  piece: ReturnType<SeriesTable["fail"]>,
  note: (note: Note, transfer?: readonly ArrayBuffer[]) => void,
): void {
  note(piece, [piece.states.buffer as ArrayBuffer, piece.figures.buffer as ArrayBuffer]);
}

function sameRecords(a: readonly AnomalyRecord[], b: readonly AnomalyRecord[]): boolean {
  return a.length === b.length && a.every((record, i) => record === b[i]);
}

/** By the manifest; a model without one, or with that of another version, was trained when its file was written. */
function trainedMs(path: string): number | null {
  try {
    return Date.parse(readManifest(dirname(path)).trained_at);
  } catch {
    return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null;
  }
}
