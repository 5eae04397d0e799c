import { workerData } from "node:worker_threads";
import { serve } from "../threads/serve.js";
import type { ReplayPlan } from "./replay.js";
import { type ReplayJob, type ReplayOutcome, runReplay } from "./replay-job.js";

/** A thread that replays the series it is sent, one at a time, with the plan it was started with. */
serve<ReplayJob, ReplayOutcome>(
  (job) => runReplay(job, workerData as ReplayPlan),
  ({ score }) => [score.buffer as ArrayBuffer],
);
