import { workerData } from "node:worker_threads";
import { serve } from "../../threads/serve.js";
import { type CleanResult, type IncidentsResult, openPower, type PowerPlan, type PowerTask } from "./power-job.js";

const work = openPower(workerData as PowerPlan);

/** A thread that examines the series it is sent, one at a time, with the plan it was started with. */
serve<PowerTask, CleanResult | IncidentsResult>(async (task) => (await work)(task));
