import { workerData } from "node:worker_threads";
import { serve } from "../threads/serve.js";
import type { Observed } from "../watch/observe.js";
import { type ObservePlan, type ObserveTask, openObserver } from "./observe-job.js";

const observe = openObserver(workerData as ObservePlan);

/** A thread that scores the histories it is sent, one at a time, by the plan it was started with. */
serve<ObserveTask, Observed>(async (task) => (await observe)(task));
