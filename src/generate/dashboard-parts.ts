/* What Grafana's dashboards are made of: panels, variables, annotations, in its classic schema. */

/** A dashboard in Grafana's classic schema, which every Grafana since 9 imports and newer ones convert. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly [key: string]: unknown;
}

const SCHEMA_VERSION = 39;
/** The kind of data source that the panels of a dashboard ask; which one is the variable `$datasource`. */
export type DatasourceType = "prometheus" | "graphite";
export const datasourceOf = (type: DatasourceType) => ({ type, uid: "$datasource" });
const DATASOURCE = datasourceOf("prometheus");
/** Grafana's own variables, which are written in braces. */
export const grafana = (name: string) => `\${${name}}`;

interface Target {
  readonly expr: string;
  readonly legend?: string;
  readonly instant?: true;
}

export function dashboard(
  uid: string,
  title: string,
  variables: readonly object[],
  panels: readonly object[],
  annotations: readonly object[] = [],
  datasource: DatasourceType = "prometheus",
): Dashboard {
  return {
    uid,
    title,
    tags: ["anomaly"],
    schemaVersion: SCHEMA_VERSION,
    version: 1,
    editable: true,
    refresh: "1m",
    time: { from: "now-24h", to: "now" },
    timezone: "browser",
    templating: { list: [datasourceVariable(datasource), ...variables] },
    annotations: { list: annotations },
    links: [
      {
        type: "dashboards",
        tags: ["anomaly"],
        title: "Anomalies",
        asDropdown: true,
        includeVars: true,
        keepTime: true,
      },
    ],
    panels: panels.map((one, i) => ({ id: i + 1, ...one })),
  };
}

export const at = (x: number, y: number, w: number, h: number) => ({ x, y, w, h });

export function panel(type: string, title: string, gridPos: object, targets: readonly Target[], more: object): object {
  return {
    type,
    title,
    gridPos,
    datasource: DATASOURCE,
    targets: targets.map(({ expr, legend, instant }, i) => ({
      refId: String.fromCharCode(65 + i),
      datasource: DATASOURCE,
      expr,
      ...(legend !== undefined && { legendFormat: legend }),
      ...(instant ? { instant: true, range: false, format: "table" } : { range: true }),
    })),
    ...more,
  };
}

export function threshold(): object {
  return {
    custom: { thresholdsStyle: { mode: "line" } },
    thresholds: {
      mode: "absolute",
      steps: [
        { color: "transparent", value: null },
        { color: "red", value: 1 },
      ],
    },
  };
}

/** The band is between two thin lines, the lower edge filled up to the upper one. */
export function edge(name: "lower" | "upper"): object {
  return {
    matcher: { id: "byRegexp", options: `^${name}$` },
    properties: [
      { id: "custom.lineWidth", value: 0 },
      { id: "color", value: { mode: "fixed", fixedColor: "blue" } },
      ...(name === "upper"
        ? [
            { id: "custom.fillBelowTo", value: "lower" },
            { id: "custom.fillOpacity", value: 15 },
          ]
        : []),
    ],
  };
}

export function middle(): object {
  return {
    matcher: { id: "byRegexp", options: "^expected$" },
    properties: [
      { id: "custom.lineStyle", value: { fill: "dash", dash: [6, 6] } },
      { id: "color", value: { mode: "fixed", fixedColor: "blue" } },
    ],
  };
}

export const seconds = () => ({ fieldConfig: { defaults: { unit: "s", min: 0 }, overrides: [] } });

function datasourceVariable(query: DatasourceType): object {
  return {
    type: "datasource",
    name: "datasource",
    label: "Data source",
    query,
    current: {},
    hide: 0,
    refresh: 1,
  };
}

/** The jobs are known, so that the dashboard can be opened before anything has been found. */
export function jobVariable(jobs: readonly string[]): object {
  return {
    type: "custom",
    name: "job",
    label: "Job",
    query: jobs.join(","),
    options: [],
    includeAll: true,
    allValue: ".*",
    multi: true,
    current: { text: "All", value: "$__all" },
  };
}

export function queryVariable(name: string, query: string, datasource: DatasourceType = "prometheus"): object {
  return {
    type: "query",
    name,
    label: name,
    datasource: datasourceOf(datasource),
    definition: query,
    // Graphite's data source takes the text.
    query: datasource === "prometheus" ? { query, refId: name } : query,
    refresh: 2,
    sort: 1,
    // One series: the band is filled between two lines of fixed names.
    includeAll: false,
    multi: false,
    current: {},
  };
}

export function annotation(name: string, expr: string): object {
  return {
    name,
    datasource: DATASOURCE,
    enable: true,
    iconColor: "red",
    expr,
    step: "60s",
    titleFormat: "{{machine}} {{for}}",
    textFormat: "score over 1",
  };
}
