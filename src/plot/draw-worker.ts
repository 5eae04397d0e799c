import { workerData } from "node:worker_threads";
import { serve } from "../threads/serve.js";
import { type DrawJob, type DrawLook, type Drawn, drawJob } from "./draw-job.js";

/** A thread that draws the pictures it is sent, one at a time, with the look it was started with. */
serve<DrawJob, Drawn>((job) => drawJob(job, workerData as DrawLook));
