import { choice, duration, serverUrl, text, variable } from "./parsers.js";
import type { OptionSpec } from "./spec.js";

/** Where live series come from. */
export const SERVER = {
  source: {
    flag: "--source",
    argument: "<kind>",
    group: "Input",
    help: "where series come from: csv, graphite or grafana",
    commands: ["infer", "hydrate", "plot"],
    parser: choice("csv", "graphite", "grafana"),
    defaultText: "csv for infer; for hydrate and plot csv once --data is given",
  },
  template: {
    flag: "--template",
    argument: "<path>",
    group: "Server",
    help: "metric path with variables, such as statsd.{machine}.lag.{aggregator}; gives targets and labels",
    commands: ["infer", "hydrate", "plot"],
    parser: text,
  },
  var: {
    flag: "--var",
    argument: "<name=values>",
    group: "Server",
    help: "only these values of a template variable or label, machine=n1,n2 or machine=n*",
    commands: ["infer", "hydrate", "plot"],
    parser: variable,
    repeatable: true,
    defaultText: "* for a variable that is not given",
  },
  grafanaUrl: {
    flag: "--grafana-url",
    argument: "<url>",
    group: "Server",
    help: "address of Grafana; its token is read from GRAFANA_SERVICE_ACCOUNT_TOKEN",
    commands: ["infer", "hydrate", "plot"],
    parser: serverUrl,
    env: "GRAFANA_URL",
  },
  datasourceUid: {
    flag: "--datasource-uid",
    argument: "<uid>",
    group: "Server",
    help: "uid of the Graphite data source in Grafana",
    commands: ["infer", "hydrate", "plot"],
    parser: text,
  },
  graphiteUrl: {
    flag: "--graphite-url",
    argument: "<url>",
    group: "Server",
    help: "address of graphite-web",
    commands: ["infer", "hydrate", "plot"],
    parser: serverUrl,
    env: "GRAPHITE_URL",
  },
  timeout: {
    flag: "--timeout",
    argument: "<duration>",
    group: "Server",
    help: "how long one request may take",
    commands: ["infer", "hydrate", "plot"],
    parser: duration,
    default: 30_000,
    defaultText: "30s",
  },
} as const satisfies Readonly<Record<string, OptionSpec>>;
