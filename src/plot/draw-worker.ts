import { parentPort, workerData } from "node:worker_threads";
import { type DrawJob, type DrawLook, drawJob } from "./draw-job.js";

/** A thread that draws the pictures it is sent, one at a time, with the look it was started with. */
const look = workerData as DrawLook;
parentPort?.on("message", async (job: DrawJob) => {
  parentPort?.postMessage(await drawJob(job, look));
});
