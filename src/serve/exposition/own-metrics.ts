import { monitorEventLoopDelay } from "node:perf_hooks";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { SERIES_STATES } from "../../records/status.js";
import type { Outcome } from "../conductor.js";
import { type Findings, totalsOf } from "../findings.js";

/** What the process says of itself. */
export interface OwnMetrics {
  readonly text: () => Promise<string>;
  /** For metrics of parts that not every server has. */
  readonly registry: Registry;
  readonly onRun: (job: string, outcome: Outcome, seconds: number) => void;
  readonly onMissed: (job: string, runs: number) => void;
  readonly onFetchError: (job: string, source: string, kind: string) => void;
  readonly onThreadDeath: () => void;
  /** Something that acts after runs has failed at one. */
  readonly onListenerFailure: (listener: string) => void;
  readonly onReload: (isGood: boolean) => void;
  readonly onRequest: (route: string, status: number, seconds: number) => void;
  readonly onShed: (files: number) => void;
  /** Begins to measure the delay of the event loop: loading the program blocks it, and nobody can ask anything yet. */
  readonly listening: () => void;
  readonly close: () => void;
}

export interface OwnMetricsOptions {
  readonly version: string;
  readonly findings: Findings;
  readonly waiting: () => number;
}

/** Gauges that prom-client names like counters, which promtool rejects. */
const MISNAMED = ["nodejs_active_handles_total", "nodejs_active_requests_total", "nodejs_active_resources_total"];
/** The resolution of the delay of the event loop: what is measured is at least this. */
const DELAY_RESOLUTION_MS = 10;

/** Metrics about the process and its runs, by prom-client: few, and without times. */
export function ownMetrics({ version, findings, waiting }: OwnMetricsOptions): OwnMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  const delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });

  new Gauge({ registers, name: "anomaly_build_info", help: "1, with the version as a label.", labelNames: ["version"] })
    .labels(version)
    .set(1);
  const runs = new Counter({
    registers,
    name: "anomaly_runs_total",
    help: "Runs by job and outcome; locked: another process held the job's files.",
    labelNames: ["job", "outcome"],
  });
  const missed = new Counter({
    registers,
    name: "anomaly_runs_missed_total",
    help: "Moments at which a job was due and not run: the run before took too long, or the machine slept.",
    labelNames: ["job"],
  });
  const seconds = new Histogram({
    registers,
    name: "anomaly_run_duration_seconds",
    help: "How long runs took.",
    labelNames: ["job"],
    buckets: [0.1, 0.3, 1, 3, 10, 30, 60, 120, 300],
  });
  const fetchErrors = new Counter({
    registers,
    name: "anomaly_fetch_errors_total",
    help: "Runs whose source did not answer as it should, by the kind of failure; partial: only some series failed.",
    labelNames: ["job", "source", "kind"],
  });
  const deaths = new Counter({
    registers,
    name: "anomaly_thread_deaths_total",
    help: "How often a scoring thread has died and was started again.",
  });
  const listenerFailures = new Counter({
    registers,
    name: "anomaly_after_run_failures_total",
    help: "Runs after which something failed that acts on findings, by what it was; the log has the reason.",
    labelNames: ["listener"],
  });
  const reloads = new Counter({
    registers,
    name: "anomaly_config_reloads_total",
    help: "Reloads of the settings file by outcome; after a refused one the old settings stay.",
    labelNames: ["outcome"],
  });
  for (const outcome of ["accepted", "refused"]) reloads.labels(outcome).inc(0);
  const reloadGood = new Gauge({
    registers,
    name: "anomaly_config_last_reload_successful",
    help: "Whether the newest reload of the settings file was accepted.",
  });
  reloadGood.set(1);
  const requests = new Histogram({
    registers,
    name: "anomaly_http_request_duration_seconds",
    help: "How long answers took, by route and status.",
    labelNames: ["route", "status"],
    buckets: [0.005, 0.025, 0.1, 0.5, 2.5, 10],
  });
  const shed = new Counter({
    registers,
    name: "anomaly_shed_files_total",
    help: "Checkpoint files that were let go of to stay within the memory limit; they are read again when needed.",
  });

  const gauge = (name: string, help: string, labelNames: string[], collect: (gauge: Gauge) => void) =>
    new Gauge({
      registers,
      name,
      help,
      labelNames,
      collect() {
        this.reset();
        collect(this as Gauge);
      },
    });
  const perJob = (name: string, help: string, value: (job: ReturnType<Findings["all"]>[number]) => number | null) =>
    gauge(name, help, ["job"], (own) => {
      for (const job of findings.all()) {
        const figure = value(job);
        if (figure !== null) own.labels(job.name).set(figure);
      }
    });
  const inSeconds = (ms: number | null) => (ms === null ? null : ms / 1000);
  perJob("anomaly_last_run_timestamp_seconds", "When the newest run ended.", ({ health }) => inSeconds(health.endedMs));
  perJob("anomaly_last_success_timestamp_seconds", "When the newest run that worked ended.", ({ health }) =>
    inSeconds(health.succeededMs),
  );
  perJob("anomaly_run_up", "Whether the newest run worked.", ({ health }) =>
    health.endedMs === null ? null : health.failure === null ? 1 : 0,
  );
  perJob("anomaly_model_trained_timestamp_seconds", "When the model in use was trained.", ({ report }) =>
    inSeconds(report?.model?.trainedAtMs ?? null),
  );
  perJob("anomaly_data_timestamp_seconds", "Up to when the newest run has looked, in the data's time.", ({ report }) =>
    inSeconds(report?.untilMs ?? null),
  );
  gauge("anomaly_series", "Series by job and status.", ["job", "status"], (own) => {
    for (const job of findings.all()) {
      const totals = totalsOf([job]);
      for (const state of SERIES_STATES) own.labels(job.name, state).set(totals[state]);
    }
  });
  gauge("anomaly_queue_length", "Runs that wait for the scoring thread or are under way.", [], (own) =>
    own.set(waiting()),
  );
  gauge("anomaly_warm_bytes", "Checkpoints and scorers that are kept in memory.", [], (own) => {
    const newest = findings.all().reduce((most, { report }) => Math.max(most, report?.warmBytes ?? 0), 0);
    own.set(newest);
  });
  gauge(
    "anomaly_event_loop_delay_max_seconds",
    "The longest that answers had to wait for the event loop since the scrape before.",
    [],
    (own) => {
      own.set(delay.max / 1e9);
      delay.reset();
    },
  );

  return {
    text: () => registry.metrics(),
    registry,
    onRun: (job, outcome, took) => {
      runs.labels(job, outcome).inc();
      seconds.labels(job).observe(took);
    },
    onMissed: (job, count) => missed.labels(job).inc(count),
    onFetchError: (job, source, kind) => fetchErrors.labels(job, source, kind).inc(),
    onThreadDeath: () => deaths.inc(),
    onListenerFailure: (listener) => listenerFailures.labels(listener).inc(),
    onReload: (isGood) => {
      reloads.labels(isGood ? "accepted" : "refused").inc();
      reloadGood.set(isGood ? 1 : 0);
    },
    onRequest: (route, status, took) => requests.labels(route, `${status}`).observe(took),
    onShed: (files) => shed.inc(files),
    listening: () => delay.enable(),
    close: () => {
      delay.disable();
      registry.clear();
    },
  };
}
