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

interface Failures {
  readonly count: number;
  readonly reason: string;
  /** Not tried again before, epoch ms. */
  readonly untilMs: number;
}

export function retraining(
  { own, jobs, nowMs, log }: House,
  { retrainCommand }: Pick<ServeSettings, "retrainCommand">,
): Retraining {
  const versionsOf = knownVersions();
  const failures = new Map<string, Failures>();
  let under: { readonly job: string; readonly process: TrainProcess } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isStarted = false;
  let isStopped = false;

  const modelOf = ({ job, retrainMs }: ServedJob): JobModel => {
    const versions = versionsOf(job.model.folder, job.model.name);
    const newestMs = Math.max(...versions.map(trainedMs));
    const failed = failures.get(job.name);
    return {
      job: job.name,
      model: job.model.name,
      versions,
      retrainMs,
      // Without a model there is nothing to challenge; which detector looks then is what people know of the job.
      dueMs:
        retrainMs === null || versions.length === 0
          ? null
          : Math.max(dueAtMs(job.name, newestMs, retrainMs), failed?.untilMs ?? 0),
      isRunning: under?.job === job.name,
      failure: failed?.reason ?? null,
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
    if (reason === undefined) {
      failures.delete(name);
      metrics.onEnd(name, "ok");
      const [challenger] = versionsOf(model.folder, model.name).filter(({ role }) => role === "challenger");
      const version = challenger?.version ?? "VERSION";
      log(
        "info",
        `challenger ${version} is trained; anomaly models promote ${model.name} ${version} puts it in use`,
        name,
      );
    } else {
      const count = (failures.get(name)?.count ?? 0) + 1;
      failures.set(name, { count, reason, untilMs: nowMs() + pauseMs(count, retrainMs ?? LOOK_MS) });
      metrics.onEnd(name, "failed");
      log("warn", `no challenger could be trained: ${reason}; it is tried again`, name);
    }
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
      for (const name of failures.keys()) if (!names.has(name)) failures.delete(name);
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

function trainedMs({ manifest }: ModelVersion): number {
  return Date.parse(manifest.trained_at);
}
