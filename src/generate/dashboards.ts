import {
  annotation,
  at,
  type Dashboard,
  dashboard,
  edge,
  grafana,
  jobVariable,
  middle,
  panel,
  queryVariable,
  seconds,
  threshold,
} from "./dashboard-parts.js";
import { graphiteDashboards } from "./graphite-dashboards.js";

/**
 * Which language the panels ask: a Prometheus that scrapes or receives the metrics, or the endpoint of `anomaly serve` itself, as a Prometheus
 * or as a Graphite.
 */
export type DashboardSource = "prometheus" | "serve" | "graphite";

/** The dashboards by file name: the fleet, one series, and the tool's own health. */
export function dashboardsFor(jobs: readonly string[], on: DashboardSource): Readonly<Record<string, Dashboard>> {
  if (on === "graphite") return graphiteDashboards(jobs);
  return {
    "anomaly-fleet.json": fleet(jobs, on),
    "anomaly-series.json": series(jobs),
    // What serve says of itself is in /metrics only: its own endpoint answers findings.
    ...(on === "prometheus" ? { "anomaly-health.json": health() } : {}),
  };
}

function fleet(jobs: readonly string[], on: "prometheus" | "serve"): Dashboard {
  // The endpoint of serve evaluates selectors and comparisons; a Prometheus can sum and rank.
  const worst = on === "prometheus" ? 'topk(20, anomaly_score{job=~"$job"})' : 'anomaly_score{job=~"$job"} > 0.5';
  const states =
    on === "prometheus" ? 'sum by (status) (anomaly_series{job=~"$job"})' : 'anomaly_status{job=~"$job",status!="ok"}';
  return dashboard(
    "anomaly-fleet",
    "Anomalies: fleet",
    [jobVariable(jobs)],
    [
      panel("timeseries", "Scores", at(0, 0, 24, 9), [{ expr: worst, legend: "{{machine}} {{for}}" }], {
        description: "1 is the alerting threshold.",
        fieldConfig: { defaults: { min: 0, ...threshold() }, overrides: [] },
      }),
      panel(
        "table",
        "Anomalous now",
        at(0, 9, 12, 10),
        [{ expr: 'anomaly_status{job=~"$job",status="anomalous"}', instant: true }],
        {
          transformations: [
            { id: "labelsToFields", options: {} },
            { id: "merge", options: {} },
            {
              id: "organize",
              options: {
                excludeByName: { Time: true, Value: true, __name__: true, status: true },
                indexByName: { machine: 0, for: 1, job: 2 },
              },
            },
          ],
          fieldConfig: {
            defaults: {
              links: [
                {
                  title: "Show the series",
                  url: `/d/anomaly-series?var-job=${grafana("__data.fields.job")}&var-machine=${grafana("__data.fields.machine")}&${grafana("__url_time_range")}`,
                },
              ],
            },
            overrides: [],
          },
        },
      ),
      panel(
        "timeseries",
        on === "prometheus" ? "Series by status" : "Series that are not ok",
        at(12, 9, 12, 10),
        [{ expr: states, legend: on === "prometheus" ? "{{status}}" : "{{machine}} {{for}} {{status}}" }],
        {
          fieldConfig: {
            defaults: { min: 0, custom: { stacking: { mode: on === "prometheus" ? "normal" : "none" } } },
            overrides: [],
          },
        },
      ),
    ],
  );
}

function series(jobs: readonly string[]): Dashboard {
  const which = '{job=~"$job",machine=~"$machine",for=~"$for"}';
  const names = ["observed", "expected", "lower", "upper"] as const;
  return dashboard(
    "anomaly-series",
    "Anomalies: one series",
    [
      jobVariable(jobs),
      queryVariable("machine", 'label_values(anomaly_status{job=~"$job"}, machine)'),
      queryVariable("for", 'label_values(anomaly_status{job=~"$job",machine=~"$machine"}, for)'),
    ],
    [
      panel(
        "timeseries",
        "Value and band",
        at(0, 0, 24, 11),
        names.map((name) => ({ expr: `anomaly_${name}${which}`, legend: name })),
        {
          fieldConfig: {
            defaults: { custom: { lineWidth: 1, spanNulls: true } },
            overrides: [edge("lower"), edge("upper"), middle()],
          },
        },
      ),
      panel(
        "timeseries",
        "Score",
        at(0, 11, 24, 7),
        [{ expr: `anomaly_score${which}`, legend: "{{machine}} {{for}}" }],
        {
          description: "1 is the alerting threshold.",
          fieldConfig: { defaults: { min: 0, ...threshold() }, overrides: [] },
        },
      ),
    ],
    // Where the score is over 1, as regions over both panels.
    [annotation("Anomalous", `anomaly_score${which} > 1`)],
  );
}

function health(): Dashboard {
  return dashboard(
    "anomaly-health",
    "Anomalies: the tool itself",
    [],
    [
      panel(
        "timeseries",
        "Runs by outcome",
        at(0, 0, 12, 8),
        [{ expr: "sum by (job, outcome) (rate(anomaly_runs_total[$__rate_interval]))", legend: "{{job}} {{outcome}}" }],
        {},
      ),
      panel(
        "timeseries",
        "Duration of runs, 95 %",
        at(12, 0, 12, 8),
        [
          {
            expr: "histogram_quantile(0.95, sum by (job, le) (rate(anomaly_run_duration_seconds_bucket[$__rate_interval])))",
            legend: "{{job}}",
          },
        ],
        seconds(),
      ),
      panel(
        "timeseries",
        "Time since the last run that worked",
        at(0, 8, 12, 8),
        [{ expr: "time() - anomaly_last_success_timestamp_seconds", legend: "{{job}}" }],
        seconds(),
      ),
      panel(
        "timeseries",
        "Share of series that are scored",
        at(12, 8, 12, 8),
        [
          {
            expr: 'sum by (job) (anomaly_series{status=~"ok|anomalous"}) / sum by (job) (anomaly_series)',
            legend: "{{job}}",
          },
        ],
        {
          fieldConfig: { defaults: { unit: "percentunit", min: 0, max: 1 }, overrides: [] },
        },
      ),
      panel(
        "timeseries",
        "Memory",
        at(0, 16, 12, 8),
        [
          { expr: "process_resident_memory_bytes and on (instance) anomaly_build_info", legend: "resident" },
          { expr: "anomaly_warm_bytes", legend: "checkpoints" },
        ],
        {
          fieldConfig: { defaults: { unit: "bytes", min: 0 }, overrides: [] },
        },
      ),
      panel(
        "timeseries",
        "Event loop delay, longest",
        at(12, 16, 12, 8),
        [{ expr: "anomaly_event_loop_delay_max_seconds", legend: "{{instance}}" }],
        seconds(),
      ),
      panel(
        "timeseries",
        "Age of models, and of challengers that wait",
        at(0, 24, 12, 8),
        [
          { expr: "time() - anomaly_model_trained_timestamp_seconds", legend: "{{job}} model" },
          { expr: "anomaly_challenger_age_seconds", legend: "{{job}} challenger" },
        ],
        seconds(),
      ),
      panel(
        "timeseries",
        "Retraining by outcome, a day",
        at(12, 24, 12, 8),
        [
          {
            expr: "sum by (job, outcome) (increase(anomaly_retrain_runs_total[1d]))",
            legend: "{{job}} {{outcome}}",
          },
        ],
        {},
      ),
    ],
  );
}
