import {
  at,
  type Dashboard,
  dashboard,
  datasourceOf,
  edge,
  grafana,
  jobVariable,
  middle,
  queryVariable,
  threshold,
} from "./dashboard-parts.js";

const DATASOURCE = datasourceOf("graphite");
/** The jobs that are chosen, as a pattern for tags. */
const CHOSEN_JOBS = `job=~^${grafana("job:regex")}$`;
const SCORES = `seriesByTag('what=score', '${CHOSEN_JOBS}')`;
/** Without what all paths of scores begin with. */
const NAMED_SCORES = `aliasSub(${SCORES}, '^anomaly\\.([^.]+)\\.score\\.', '\\1 ')`;

/** The dashboards for the Graphite API of `anomaly serve`, by file name: the fleet, one series, and what was scored. */
export function graphiteDashboards(jobs: readonly string[]): Readonly<Record<string, Dashboard>> {
  return {
    "anomaly-fleet.json": fleet(jobs),
    "anomaly-series.json": series(jobs),
    "anomaly-health.json": health(jobs),
  };
}

function fleet(jobs: readonly string[]): Dashboard {
  return graphiteDashboard(
    "anomaly-fleet",
    "Anomalies: fleet",
    [jobVariable(jobs)],
    [
      panel("timeseries", "Scores", at(0, 0, 24, 11), [NAMED_SCORES], {
        description: "1 is the alerting threshold. A gap was not scored.",
        fieldConfig: { defaults: { min: 0, ...threshold() }, overrides: [] },
      }),
      panel("bargauge", "Newest scores", at(0, 11, 24, 11), [NAMED_SCORES], {
        options: {
          orientation: "horizontal",
          displayMode: "basic",
          reduceOptions: { values: false, calcs: ["lastNotNull"], fields: "" },
        },
        fieldConfig: {
          defaults: {
            min: 0,
            thresholds: {
              mode: "absolute",
              steps: [
                { color: "green", value: null },
                { color: "red", value: 1 },
              ],
            },
            links: [
              {
                title: "Show the series",
                url: `/d/anomaly-series?var-job=${grafana("__field.labels.job")}&var-machine=${grafana("__field.labels.machine")}&var-for=${grafana("__field.labels.for")}&${grafana("__url_time_range")}`,
              },
            ],
          },
          overrides: [],
        },
      }),
    ],
    [episodes(["anomaly"])],
  );
}

function series(jobs: readonly string[]): Dashboard {
  const figure = (what: string) =>
    `alias(seriesByTag('what=${what}', 'job=$job', 'machine=$machine', 'for=$for'), '${what}')`;
  return graphiteDashboard(
    "anomaly-series",
    "Anomalies: one series",
    [
      oneOf(jobVariable(jobs), jobs),
      queryVariable("machine", "tag_values(machine, job=$job)", "graphite"),
      queryVariable("for", "tag_values(for, job=$job, machine=$machine)", "graphite"),
    ],
    [
      panel("timeseries", "Value and band", at(0, 0, 24, 11), ["observed", "expected", "lower", "upper"].map(figure), {
        fieldConfig: {
          defaults: { custom: { lineWidth: 1, spanNulls: true } },
          overrides: [edge("lower"), edge("upper"), middle()],
        },
      }),
      panel("timeseries", "Score", at(0, 11, 24, 7), [figure("score")], {
        description: "1 is the alerting threshold.",
        fieldConfig: { defaults: { min: 0, ...threshold() }, overrides: [] },
      }),
    ],
    [episodes(["$job", "$machine"])],
  );
}

/** Graphite's API has scores and nothing of the process: what was not scored shows by its absence. */
function health(jobs: readonly string[]): Dashboard {
  return graphiteDashboard(
    "anomaly-health",
    "Anomalies: what was scored",
    [jobVariable(jobs)],
    [
      panel("table", "Scored slots of each series", at(0, 0, 24, 20), [NAMED_SCORES], {
        description:
          "Count is how many slots of the range have a score. A series with few, or that is missing, was not scored. How runs go is in /metrics and at /api/v1/runs.",
        transformations: [
          {
            id: "reduce",
            options: { reducers: ["count", "lastNotNull", "max"], mode: "seriesToRows", labelsToFields: false },
          },
          { id: "sortBy", options: { fields: {}, sort: [{ field: "Count", desc: false }] } },
        ],
        fieldConfig: { defaults: { decimals: 2 }, overrides: [] },
      }),
    ],
  );
}

function graphiteDashboard(
  uid: string,
  title: string,
  variables: readonly object[],
  panels: readonly object[],
  annotations: readonly object[] = [],
): Dashboard {
  return dashboard(uid, title, variables, panels, annotations, "graphite");
}

function panel(type: string, title: string, gridPos: object, targets: readonly string[], more: object): object {
  return {
    type,
    title,
    gridPos,
    datasource: DATASOURCE,
    targets: targets.map((target, i) => ({
      refId: String.fromCharCode(65 + i),
      datasource: DATASOURCE,
      target,
      textEditor: true,
    })),
    ...more,
  };
}

/** The variable of the jobs for a dashboard that shows one. */
function oneOf(variable: object, [first]: readonly string[]): object {
  return { ...variable, includeAll: false, multi: false, allValue: null, current: { text: first, value: first } };
}

/** Episodes as annotations at their begins: events that have all of the tags. */
function episodes(tags: readonly string[]): object {
  return {
    name: "Episodes",
    datasource: DATASOURCE,
    enable: true,
    iconColor: "red",
    target: { refId: "Anno", fromAnnotations: true, target: "", tags },
  };
}
