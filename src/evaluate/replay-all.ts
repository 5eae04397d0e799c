import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { AnomalyError } from "../errors/errors.js";
import type { ReplayPlan } from "./replay.js";
import { type ReplayJob, type ReplayOutcome, runJob } from "./replay-job.js";
import type { ReplayAnswer } from "./replay-worker.js";

export interface ReplayAllOptions {
  /** Default: as many as there are processors, and none beside this one where there is little to do. */
  readonly threads?: number;
  readonly onDone?: (doneSlots: number, totalSlots: number) => void;
  /** Ends all threads when it is aborted. */
  readonly signal?: AbortSignal;
}

/** Below so many slots starting a thread takes longer than it saves. */
const SLOTS_WORTH_A_THREAD = 100_000;
const WORKER = new URL("./replay-worker.js", import.meta.url);

/**
 * Replays many series, several at a time. What comes out does not depend on the number of threads: each series is
 * replayed by itself, and the outcomes are in the order of the jobs.
 */
export async function replayAll(
  jobs: readonly ReplayJob[],
  plan: ReplayPlan,
  options: ReplayAllOptions = {},
): Promise<ReplayOutcome[]> {
  const totalSlots = jobs.reduce((sum, { series }) => sum + series.values.length, 0);
  const wanted = options.threads ?? Math.min(availableParallelism(), Math.floor(totalSlots / SLOTS_WORTH_A_THREAD));
  const threads = Math.min(wanted, jobs.length);
  let doneSlots = 0;
  const done = (job: ReplayJob) => {
    doneSlots += job.series.values.length;
    options.onDone?.(doneSlots, totalSlots);
  };
  options.onDone?.(0, totalSlots);
  if (threads > 1) return inThreads(jobs, plan, threads, done, options.signal);
  const outcomes: ReplayOutcome[] = [];
  for (const job of jobs) {
    outcomes.push(runJob(job, plan));
    done(job);
    // Ctrl-C is only heard between turns of the event loop.
    await new Promise((next) => setImmediate(next));
    options.signal?.throwIfAborted();
  }
  return outcomes;
}

async function inThreads(
  jobs: readonly ReplayJob[],
  plan: ReplayPlan,
  threads: number,
  onDone: (job: ReplayJob) => void,
  signal: AbortSignal | undefined,
): Promise<ReplayOutcome[]> {
  const outcomes = new Array<ReplayOutcome>(jobs.length);
  // Longest first, so that no thread is left with a long one at the end.
  const order = jobs.map((_, i) => i).sort((a, b) => jobs[b].series.values.length - jobs[a].series.values.length);
  const workers = Array.from({ length: threads }, () => new Worker(WORKER, { workerData: plan }));
  const stop = () => {
    for (const worker of workers) void worker.terminate();
  };
  signal?.addEventListener("abort", stop, { once: true });
  let next = 0;
  const work = (worker: Worker) =>
    new Promise<void>((resolve, reject) => {
      let current = -1;
      const give = () => {
        if (next >= order.length) return resolve();
        current = order[next++];
        worker.postMessage(jobs[current]);
      };
      worker.on("message", (answer: ReplayAnswer) => {
        try {
          if ("failure" in answer) throw asError(answer.failure);
          outcomes[current] = answer.outcome;
          onDone(jobs[current]);
          give();
        } catch (thrown) {
          reject(thrown);
        }
      });
      worker.on("error", reject);
      worker.on("exit", () => reject(signal?.reason ?? new Error("a thread of the replay ended before its work")));
      give();
    });
  try {
    await Promise.all(workers.map(work));
  } finally {
    signal?.removeEventListener("abort", stop);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  signal?.throwIfAborted();
  return outcomes;
}

function asError({ code, exitCode, message }: Extract<ReplayAnswer, { failure: unknown }>["failure"]): Error {
  return exitCode === null ? new Error(message) : new AnomalyError(code, exitCode, message);
}
