import type { CommandName } from "../options/spec.js";
import type { CommandSpec } from "./spec.js";

/** The steps of the chain that cron and scripts run. */
export const CHAIN = {
  train: {
    summary: "train a model on months of history",
    usage: "[files, folders or globs...]",
    positionals: [0, Number.POSITIVE_INFINITY],
    about: [
      "Reads CSV exports of Graphite and Grafana, including .csv.gz, reports how it read each file, merges them series by",
      "series, and writes models/<name>/ with the model and a readable manifest. With --source it fetches the history from a",
      "server, month by month, and keeps it in --cache-dir; the next run fetches only what is new.",
    ],
    examples: [
      { about: "a folder of exports", line: "anomaly train data/fleet/history" },
      { about: "only report what would be read", line: "anomaly train data/fleet/history --dry-run" },
      {
        about: "leave an incident out, and name the model",
        line: "anomaly train data/fleet/history/*.csv --model fleet --exclude 2025-04-10/2025-04-11",
      },
      {
        about: "from Graphite, once a week from cron",
        line: "anomaly train --source graphite --template 'fleet.{machine}.{aggregator}' --from -20d",
        needs: "graphite",
      },
      {
        about: "from Prometheus, with the label that names the machine",
        line: "anomaly train --source prometheus --query fleet --label machine=instance --from -20d --model fleet",
        needs: "prometheus",
      },
      {
        about: "counters as rates",
        line: "anomaly train --source prometheus --query requests_total --rate --from -20d --model requests",
        needs: "prometheus",
      },
    ],
  },
  infer: {
    summary: "find misbehaving series, now or at any time",
    usage: "[csv files, folders or globs...]",
    positionals: [0, Number.POSITIVE_INFINITY],
    about: [
      "Fetches the history it needs, scores every series, and writes one JSON record per episode. Running twice on the same",
      "data adds no record; an ongoing episode keeps its id. The status of every series goes to --states. Without a model each",
      "series is compared with its own past.",
    ],
    examples: [
      {
        about: "CSV files: the last day of the data",
        line: "anomaly train data/fleet/history && anomaly infer data/fleet",
      },
      {
        about: "all four live days, with an exit status for scripts",
        line: "anomaly infer data/fleet --lookback 4d --fail-on anomaly -o out/live.ndjson || test $? -eq 3",
      },
      {
        about: "the whole chain as a pipe",
        line: "anomaly infer data/fleet | anomaly hydrate --data data/fleet | anomaly plot",
      },
      {
        about: "Graphite, every minute from cron",
        line: "anomaly infer --source graphite --template 'fleet.{machine}.{aggregator}' -o out/anomalies.ndjson",
        needs: "graphite",
      },
      {
        about: "Prometheus, with the model trained from it",
        line: "anomaly infer --source prometheus --query fleet --label machine=instance --model fleet -o out/fleet.ndjson",
        needs: "prometheus",
      },
      {
        about: "Grafana, with the token in the environment",
        line: "anomaly infer --source grafana --datasource-uid graphite --template 'fleet.{machine}.{aggregator}' --var machine='n20*'",
        needs: "grafana",
      },
    ],
  },
  hydrate: {
    summary: "add the 24 hours around each record",
    usage: "[records file]",
    positionals: [0, 1],
    about: [
      "Adds max_value, avg_value, valid_pct and more over the 24 hours around each record, and the values to draw. Reads stdin",
      "if it is a pipe, else out/anomalies.ndjson. Records whose series cannot be fetched are kept, with nulls and hydrate_error.",
    ],
    examples: [
      {
        about: "from CSV files",
        line: "anomaly train data/fleet/history && anomaly infer data/fleet -o out/anomalies.ndjson",
      },
      { about: "then", line: "anomaly hydrate out/anomalies.ndjson --data data/fleet -o out/hydrated.ndjson" },
      {
        about: "in a pipe",
        line: "anomaly infer data/fleet | anomaly hydrate --data data/fleet > out/hydrated.ndjson",
      },
      {
        about: "from Graphite",
        line: "anomaly hydrate out/anomalies.ndjson --source graphite --template 'fleet.{machine}.{aggregator}'",
        needs: "graphite",
      },
    ],
  },
  plot: {
    summary: "draw each record, and an overview of all",
    usage: "[records file]",
    positionals: [0, 1],
    about: [
      "Draws one picture per record and an overview. Reads stdin if it is a pipe, else out/hydrated.ndjson; writes to",
      "out/plots/ and prints the paths. Records that are not hydrated are hydrated first if a source is given.",
    ],
    examples: [
      {
        about: "without hydrate, from a source",
        line: "anomaly train data/fleet/history && anomaly infer data/fleet | anomaly plot --data data/fleet",
      },
      {
        about: "as interactive web pages",
        line: "anomaly infer data/fleet | anomaly hydrate --data data/fleet | anomaly plot --format html",
      },
    ],
  },
  serve: {
    summary: "run jobs on a schedule and answer what they find",
    usage: "",
    positionals: [0, 0],
    about: [
      "Runs every job of anomaly.yaml on its own interval (every: 1m), as anomaly infer --job would, and shows what is found at",
      "one address: /metrics for Prometheus, a JSON API under /api/v1, /healthz and /readyz. Records, statuses and checkpoints",
      "are the files of infer, so the other commands read them. It ends at SIGTERM and reloads its settings at SIGHUP.",
    ],
    examples: [
      {
        about: "every job once, as from cron",
        line: "anomaly init -o out/serve.yaml && anomaly serve --once --config out/serve.yaml",
      },
      { about: "the line of a user for --credentials-file", line: "printf secret | anomaly serve --print-hash" },
    ],
  },
  rules: {
    summary: "write alerting and recording rules for Prometheus and vmalert",
    usage: "",
    positionals: [0, 0],
    about: [
      "Writes rules on the metrics of anomaly serve for each job: scores over 1, critical episodes, series that are not seen, low",
      "coverage, and the tool itself not running. promtool check rules accepts the file.",
    ],
    examples: [
      {
        about: "a file for rule_files",
        line: "anomaly init -o out/r.yaml && anomaly rules --config out/r.yaml --for 10m -o out/anomaly.rules.yaml",
      },
    ],
  },
  dashboards: {
    summary: "write Grafana dashboards for the jobs",
    usage: "",
    positionals: [0, 0],
    about: [
      "Writes dashboards to import or provision: the fleet, one series with its band and score, and the tool's own health. The panels",
      "ask a Prometheus that scrapes anomaly serve, or with --on serve the server itself as a data source.",
    ],
    examples: [
      {
        about: "one file per dashboard",
        line: "anomaly init -o out/d.yaml && anomaly dashboards --config out/d.yaml -o out/dashboards",
      },
    ],
  },
  export: {
    summary: "write the scores and bands of the past, for Prometheus or VictoriaMetrics",
    usage: "",
    positionals: [0, 0],
    about: [
      "Replays the jobs over a time range and writes score, value and band of every slot: by remote write to the receivers of --write, or",
      "as OpenMetrics text for promtool tsdb create-blocks-from openmetrics. They are the scores that infer gave at that time.",
    ],
    examples: [
      {
        about: "text for promtool",
        line: "anomaly init -o out/e.yaml && anomaly export --config out/e.yaml --from 2025-07-01 -o out/scores.txt",
      },
    ],
  },
} as const satisfies Partial<Record<CommandName, CommandSpec>>;
