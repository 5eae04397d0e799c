import type { ModelVersion } from "../../model/versions.js";
import { MINUTE_MS } from "../../time/duration.js";
import type { ApiRoute } from "../http/api-routes.js";
import type { House, Room } from "../room.js";
import type { ServedJob } from "../run/order.js";
import type { ServeSettings } from "../settings.js";
import { dueAtMs, pauseMs } from "./due.js";
import { knownVersions } from "./known-versions.js";
import { type JobModel, modelsRoute } from "./models-route.js";
import { retrainMetrics } from "./retrain-metrics.js";
import { startTraining, type TrainProcess } from "./train-process.js";

/** The room that trains a challenger of each job's model when its newest version is old enough; none is put in use here. */
export interface Retraining extends Room {
  readonly routes: readonly ApiRoute[];
}

/** Models are looked at this often, because they are trained and promoted by other processes too. */
const LOOK_MS = MINUTE_MS;
/** Time for a training to end when the server is asked to stop. */
const STOP_MS = 2000;

/** How the newest training of a job went. */
interface Ended {
  /** Trainings that have failed since one worked. */
  readonly failures: number;
  readonly reason: string | null;
  /** None begins before, epoch ms; also after one that worked, so that nothing can make it begin again at once. */
  readonly untilMs: number;
}

export function retraining(
  { own, jobs, nowMs, log }: House,
  { retrainCommand }: Pick<ServeSettings, "retrainCommand">,
): Retraining {
  const versionsOf = knownVersions();
  const ended = new Map<string, Ended>();
  let under: { readonly job: string; readonly process: TrainProcess } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isStarted = false;
  let isStopped = false;

  const modelOf = ({ job, retrainMs }: ServedJob): JobModel => {
    const versions = versionsOf(job.model.folder, job.model.name);
    const newestMs = Math.max(...versions.map(trainedMs));
    const last = ended.get(job.name);
    return {
      job: job.name,
      model: job.model.name,
      versions,
      retrainMs,
      // Without a model there is nothing to challenge; which detector looks then is what people know of the job.
      dueMs:
        retrainMs === null || versions.length === 0
          ? null
          : Math.max(dueAtMs(job.name, newestMs, retrainMs), last?.untilMs ?? 0),
      isRunning: under?.job === job.name,
      failure: last?.reason ?? null,
    };
  };
  const metrics = retrainMetrics(own.registry, {
    isRunning: () => under !== undefined,
    jobs: () => jobs().flatMap(({ job, retrainMs }) => (retrainMs === null ? [] : [job.name])),
    *challengerAges() {
      for (const served of jobs()) {
        const challenger = modelOf(served).versions.find(({ role }) => role === "challenger");
        if (challenger !== undefined) yield [served.job.name, (nowMs() - trainedMs(challenger)) / 1000];
      }
    },
  });

  const train = async ({ job: { name, model }, retrainMs }: ServedJob) => {
    const began = startTraining(retrainCommand(name));
    under = { job: name, process: began };
    log("info", `training a challenger of the model ${model.name} (process ${began.pid ?? "none"})`, name);
    const reason = await began.ended;
    under = undefined;
    if (isStopped) return;
    const failures = reason === undefined ? 0 : (ended.get(name)?.failures ?? 0) + 1;
    const untilMs = nowMs() + pauseMs(Math.max(1, failures), retrainMs ?? LOOK_MS);
    ended.set(name, { failures, reason: reason ?? null, untilMs });
    metrics.onEnd(name, reason === undefined ? "ok" : "failed");
    if (reason !== undefined) {
      log("warn", `no challenger could be trained: ${reason}; it is tried again`, name);
      return;
    }
    const newest = newestOf(versionsOf(model.folder, model.name));
    const words =
      newest?.role === "challenger"
        ? `challenger ${newest.version} is trained; anomaly models promote ${model.name} ${newest.version} puts it in use`
        : "the model in use has been trained once more, with the same result";
    log("info", words, name);
  };

  const look = () => {
    clearTimeout(timer);
    if (isStopped) return;
    const now = nowMs();
    let waitMs = LOOK_MS;
    let next: { readonly served: ServedJob; readonly dueMs: number } | undefined;
    for (const served of jobs()) {
      const { dueMs } = modelOf(served);
      if (dueMs === null) continue;
      waitMs = Math.min(waitMs, Math.max(1, dueMs - now));
      if (dueMs <= now && (next === undefined || dueMs < next.dueMs)) next = { served, dueMs };
    }
    // One at a time: the end of it looks for the next.
    if (next !== undefined && under === undefined) void train(next.served).then(look);
    else if (under === undefined) timer = setTimeout(look, waitMs).unref();
  };

  return {
    routes: [modelsRoute(() => jobs().map(modelOf))],
    setJobs: (changed) => {
      const names = new Set(changed.map(({ job }) => job.name));
      for (const name of ended.keys()) if (!names.has(name)) ended.delete(name);
      for (const { retrainMs, job } of changed) {
        if (retrainMs === null || versionsOf(job.model.folder, job.model.name).length > 0) continue;
        log("warn", `retrain waits for a first model ${job.model.name}: anomaly train --job ${job.name}`, job.name);
      }
      if (isStarted) look();
    },
    start: () => {
      isStarted = true;
      look();
    },
    close: async () => {
      isStopped = true;
      clearTimeout(timer);
      if (under === undefined) return;
      under.process.stop();
      const late = new Promise<void>((done) => {
        setTimeout(done, STOP_MS).unref();
      });
      await Promise.race([under.process.ended, late]);
    },
  };
}

function newestOf(versions: readonly ModelVersion[]): ModelVersion | undefined {
  return versions.reduce<ModelVersion | undefined>(
    (a, b) => (a === undefined || trainedMs(b) > trainedMs(a) ? b : a),
    undefined,
  );
}

function trainedMs({ manifest }: ModelVersion): number {
  return Date.parse(manifest.trained_at);
}
