import { parentPort, workerData } from "node:worker_threads";
import { AnomalyError, type ExitCode, messageOf } from "../errors/errors.js";
import type { ReplayPlan } from "./replay.js";
import { type ReplayJob, type ReplayOutcome, runJob } from "./replay-job.js";

/** What a thread answers to a job; an error's class does not survive the way, so what it says of itself is sent. */
export type ReplayAnswer =
  | { readonly outcome: ReplayOutcome }
  | { readonly failure: { readonly code: string; readonly exitCode: ExitCode | null; readonly message: string } };

/** A thread that replays the series it is sent, one at a time, with the plan it was started with. */
const plan = workerData as ReplayPlan;
parentPort?.on("message", (job: ReplayJob) => {
  try {
    const outcome = runJob(job, plan);
    parentPort?.postMessage({ outcome } satisfies ReplayAnswer, [outcome.score.buffer as ArrayBuffer]);
  } catch (thrown) {
    const known = thrown instanceof AnomalyError;
    const failure = {
      code: known ? thrown.code : "replay",
      exitCode: known ? thrown.exitCode : null,
      message: messageOf(thrown),
    };
    parentPort?.postMessage({ failure } satisfies ReplayAnswer);
  }
});
