/* Longer than most: it is one table, a command an entry, which help, reference, completion and the example tests read. */
import { COMMAND_NAMES, type CommandName } from "../options/spec.js";
import type { CommandSpec } from "./spec.js";

/**
 * Every command: its help and its examples (a test runs each of them). `load.ts` has their code.
 * The examples work in any folder that holds data/, such as a fresh clone.
 */
export const COMMANDS: Readonly<Record<CommandName, CommandSpec>> = {
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
  show: {
    summary: "print records as a table",
    usage: "[records file]",
    positionals: [0, 1],
    about: [
      "Prints one row per record, open and worst first, with a sparkline of the 24 hours for hydrated records. Fleet anomalies",
      "and incidents come first. Reads stdin if it is a pipe, else out/hydrated.ndjson or out/anomalies.ndjson.",
    ],
    examples: [
      {
        about: "what is wrong",
        line: "anomaly train data/fleet/history && anomaly infer data/fleet --lookback 4d | anomaly hydrate --data data/fleet > out/hydrated.ndjson; anomaly show",
      },
      { about: "the five worst for a ticket", line: "anomaly show --limit 5 --format markdown" },
      { about: "open episodes, for a program", line: "anomaly show --open --format json | head -c 400" },
    ],
  },
  explain: {
    summary: "say why a record was written",
    usage: "<id> [records file]",
    positionals: [1, 2],
    about: [
      "Prints a record in words: score and threshold, observed and expected values, since when, the 24 hours around it. The",
      "beginning of an id is enough if it names one record. With --evidence the score is computed again from the files of",
      "infer --evidence and compared to the last bit; the exit status is 1 if it differs.",
    ],
    examples: [
      {
        about: "the worst record",
        line: "anomaly train data/fleet/history && anomaly infer data/fleet --lookback 4d -o out/anomalies.ndjson && anomaly explain $(anomaly show --limit 1 --format csv | tail -1 | cut -d, -f1)",
      },
      {
        about: "the same, and compute its score again",
        line: "anomaly infer data/fleet --lookback 4d --evidence out/evidence -o out/anomalies.ndjson && anomaly explain $(anomaly show --limit 1 --format csv | tail -1 | cut -d, -f1) --evidence out/evidence",
      },
    ],
  },
  report: {
    summary: "write all records as one page to share",
    usage: "[records file]",
    positionals: [0, 1],
    about: [
      "Writes one self-contained HTML page: what is wrong now, fleet anomalies, machines over time, the trend, which series page",
      "most, and which were not scored and why. Needs only the records (and --states); links to the pictures of plot and, with",
      "--grafana-url, to Grafana.",
    ],
    examples: [
      {
        about: "a page, and a picture of its head",
        line: "anomaly train data/fleet/history && anomaly infer data/fleet --lookback 4d | anomaly hydrate --data data/fleet > out/hydrated.ndjson; anomaly plot -q; anomaly report --png out/report.png",
      },
      {
        about: "two days, as data",
        line: "anomaly report --from 2025-07-01 --until 2025-07-03 --json > out/report.json",
      },
    ],
  },
  backtest: {
    summary: "replay history as in production and measure the alarms",
    usage: "<csv files, folders or globs...>",
    positionals: [0, Number.POSITIVE_INFINITY],
    about: [
      "Scores every slot with what was known at that time; the detector is trained on the past at each --refit. Writes scores",
      "and episodes to out/backtest/. With labels (a column, or --labels) it prints event F1, precision, recall, false alarms per",
      "week, delay, recall at one false alarm per week, AUC-PR and more.",
    ],
    examples: [
      {
        about: "a labelled file",
        line: "anomaly backtest data/labelled/visit_length_hour.csv",
      },
      {
        about: "a fleet against labelled intervals, with a picture of each series",
        line: "anomaly backtest data/fleet --labels data/fleet/truth.json --refit 14d --plot",
      },
      {
        about: "check an alert budget",
        line: "anomaly backtest data/fleet --labels data/fleet/truth.json --detector family --max-episodes 1/week --json > out/figures.json",
      },
    ],
  },
  demo: {
    summary: "run the whole chain on a simulated fleet",
    usage: "",
    positionals: [0, 0],
    about: [
      "Simulates a fleet with labelled incidents, trains, infers over the live days, hydrates, plots, reports, and compares what",
      "was found with the truth. Needs no network. Everything is written under out/demo/.",
    ],
    examples: [{ about: "a small fleet", line: "anomaly demo --machines 4 --days 30 --incidents 1" }],
  },
  simulate: {
    summary: "write a simulated fleet with labelled incidents",
    usage: "<folder>",
    positionals: [1, 1],
    about: [
      "Writes history/, live/ and truth.json. Series have daily and weekly seasons, levels per machine, autocorrelated noise,",
      "gaps and ordinary spikes; the live days have labelled spikes, level shifts, drifts, stalls, drops to zero and silences.",
    ],
    examples: [{ about: "five machines, a month", line: "anomaly simulate out/fleet --machines 5 --days 30 --seed 7" }],
  },
  models: {
    summary: "list the models, or show one",
    usage: "[list | show <name>]",
    positionals: [0, 2],
    words: ["list", "show"],
    about: ["Lists by default. A model is a data file; nothing in it is executed."],
    examples: [
      { about: "list", line: "anomaly train data/fleet/history && anomaly models" },
      { about: "what a model was trained on, and how good it is", line: "anomaly models show default" },
    ],
  },
  cache: {
    summary: "list or clear the history that train keeps",
    usage: "[ls | clear [id]]",
    positionals: [0, 2],
    words: ["ls", "clear"],
    about: [
      "Lists by default: one line per request, with its months and their size. What is cleared is fetched again by the next",
      "train.",
    ],
    examples: [
      { about: "list", line: "anomaly cache ls" },
      { about: "clear everything", line: "anomaly cache clear" },
    ],
  },
  init: {
    summary: "write an anomaly.yaml with jobs from a dashboard or a server",
    usage: "",
    positionals: [0, 0],
    about: [
      "Reads a Grafana dashboard (--from-dashboard) or the metrics of a server (--source) and writes jobs with named queries or",
      "templates: ready-made ones for known exporters, and for other metrics those that vary or match --find. What is left out",
      "is listed in comments. Without a source it writes a file for CSV. It does not overwrite a file without --force.",
    ],
    examples: [
      { about: "a file for CSV", line: "anomaly init -o out/anomaly.yaml" },
      {
        about: "from the metrics of a Prometheus",
        line: "anomaly init --source prometheus -o out/held.yaml",
        needs: "prometheus",
      },
      {
        about: "from some metrics of a Graphite",
        line: "anomaly init --source graphite --find 'fleet.*.*' -o out/found.yaml",
        needs: "graphite",
      },
      {
        about: "from the metrics of a Prometheus with matching names",
        line: "anomaly init --source prometheus --find 'fleet|requests_.*' -o out/prometheus.yaml",
        needs: "prometheus",
      },
    ],
  },
  doctor: {
    summary: "check a server before cron relies on it",
    usage: "",
    positionals: [0, 0],
    about: [
      "Checks the connection, the rights of the token, the clocks, the number of series, their step, gaps, how late the newest",
      "values are, counters and their resets, the age at which archives get coarser, and the length of the history. Each warning",
      "names the option that helps. The exit status is 1 if a check failed.",
    ],
    examples: [
      {
        about: "a Graphite",
        line: "anomaly doctor --source graphite --template 'fleet.{machine}.{aggregator}'",
        needs: "graphite",
      },
      {
        about: "a Grafana in front of it, as JSON",
        line: "anomaly doctor --source grafana --datasource-uid graphite --template 'fleet.{machine}.{aggregator}' --json",
        needs: "grafana",
      },
      { about: "a query to Prometheus", line: "anomaly doctor --source prometheus --query fleet", needs: "prometheus" },
    ],
  },
  config: {
    summary: "show every setting and where it comes from",
    usage: "<show | path>",
    positionals: [1, 1],
    words: ["show", "path"],
    about: ["A setting is taken from its flag, else the environment, else anomaly.yaml, else its default."],
    examples: [
      { about: "every setting and its origin", line: "anomaly config show --origin" },
      { about: "the path of the file", line: "anomaly config path" },
    ],
  },
  completion: {
    summary: "print the completion script for a shell",
    usage: "<bash | zsh | fish>",
    positionals: [1, 1],
    words: ["bash", "zsh", "fish"],
    about: ["Load the script in the start-up file of the shell."],
    examples: [
      { about: "bash, in ~/.bashrc", line: 'eval "$(anomaly completion bash)"' },
      { about: "zsh, in ~/.zshrc after compinit", line: "anomaly completion zsh > out/_anomaly" },
      { about: "fish", line: "anomaly completion fish > out/anomaly.fish" },
    ],
  },
};

/** `command` as a name of the table, or undefined. */
export function commandName(command: string): CommandName | undefined {
  return COMMAND_NAMES.find((known) => known === command);
}
