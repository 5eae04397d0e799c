import { Counter, Gauge, type Registry } from "prom-client";

/** What the retraining says of itself. */
export interface RetrainMetrics {
  readonly onEnd: (job: string, outcome: "ok" | "failed") => void;
}

export interface RetrainFigures {
  readonly isRunning: () => boolean;
  /** Age in seconds of the newest challenger of each job that has one. */
  readonly challengerAges: () => Iterable<readonly [job: string, seconds: number]>;
  /** Jobs that are retrained, so that their counters are there from the begin. */
  readonly jobs: () => readonly string[];
}

export function retrainMetrics(
  registry: Registry,
  { isRunning, challengerAges, jobs }: RetrainFigures,
): RetrainMetrics {
  const registers = [registry];
  const ended = new Counter({
    registers,
    name: "anomaly_retrain_runs_total",
    help: "Trainings of a challenger by job and outcome; failed ones are tried again.",
    labelNames: ["job", "outcome"],
    collect() {
      for (const job of jobs()) for (const outcome of ["ok", "failed"]) this.labels(job, outcome).inc(0);
    },
  });
  new Gauge({
    registers,
    name: "anomaly_retrain_running",
    help: "Whether a challenger is being trained.",
    collect() {
      this.set(isRunning() ? 1 : 0);
    },
  });
  new Gauge({
    registers,
    name: "anomaly_challenger_age_seconds",
    help: "Time since the newest challenger of a job's model was trained; absent while there is none. It waits for: anomaly models promote.",
    labelNames: ["job"],
    collect() {
      this.reset();
      for (const [job, seconds] of challengerAges()) this.labels(job).set(seconds);
    },
  });
  return { onEnd: (job, outcome) => ended.labels(job, outcome).inc() };
}
