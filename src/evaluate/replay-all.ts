import { threadsWorth } from "../threads/threads-worth.js";
import { workThrough } from "../threads/work-through.js";
import type { ReplayPlan } from "./replay.js";
import { type ReplayJob, type ReplayOutcome, runReplay } from "./replay-job.js";

export interface ReplayAllOptions {
  /** Default: as many as there are processors, and none beside this one where there is little to do. */
  readonly threads?: number;
  readonly onDone?: (doneSlots: number, totalSlots: number) => void;
  /** Ends all threads when it is aborted. */
  readonly signal?: AbortSignal;
}

/** Below this many slots starting a thread takes longer than it saves. */
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
  const threads = threadsWorth(WORKER, {
    asked: options.threads,
    share: totalSlots / SLOTS_WORTH_A_THREAD,
    parts: jobs.length,
  });
  // Longest first, so that no thread is left with a long one at the end.
  const order = jobs.map((_, i) => i).sort((a, b) => jobs[b].series.values.length - jobs[a].series.values.length);
  const outcomes = new Array<ReplayOutcome>(jobs.length);
  let doneSlots = 0;
  options.onDone?.(0, totalSlots);
  const inOrder = order.map((i) => jobs[i]);
  const workshop = { script: WORKER, data: plan, here: runReplay };
  await workThrough<ReplayPlan, ReplayJob, ReplayOutcome>(inOrder, workshop, {
    threads,
    signal: options.signal,
    onResult: (done, outcome) => {
      outcomes[order[done]] = outcome;
      doneSlots += inOrder[done].series.values.length;
      options.onDone?.(doneSlots, totalSlots);
    },
  });
  return outcomes;
}
