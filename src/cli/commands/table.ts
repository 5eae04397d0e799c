/* Longer than most: it is one table, a command an entry, which help, reference, completion and the example tests read. */
import { COMMAND_NAMES, type CommandName } from "../options/spec.js";
import type { CommandSpec } from "./spec.js";

/**
 * Every command: its help and its examples (a test runs each of them). `load.ts` has their code.
 * The examples work in any folder that holds data/, such as a fresh clone.
 */
export const COMMANDS: Readonly<Record<CommandName, CommandSpec>> = {
  train: {
    summary: "learn from months of history what is normal",
    usage: "[files, folders or globs...]",
    positionals: [0, Number.POSITIVE_INFINITY],
    about: [
      "Reads CSV exports of Graphite and Grafana, also .csv.gz, and says what it found in each file; merges them series by",
      "series; writes models/<name>/ with the model and a manifest that a person can read. With --source it asks a server",
      "for its history, month by month, and keeps it in --cache-dir, so that the next run asks for what is new only.",
    ],
    examples: [
      { about: "learn from a folder of exports", line: "anomaly train data/fleet/history" },
      { about: "only look at what would be read", line: "anomaly train data/fleet/history --dry-run" },
      {
        about: "leave an incident out, under a name of its own",
        line: "anomaly train data/fleet/history/*.csv --model fleet --exclude 2025-04-10/2025-04-11",
      },
      {
        about: "straight from Graphite, once a week from cron",
        line: "anomaly train --source graphite --template 'fleet.{machine}.{aggregator}' --from -20d",
        needs: "graphite",
      },
      {
        about: "Prometheus, with a label that says which machine it is",
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
    summary: "find what is not behaving, now or at any moment",
    usage: "[csv files, folders or globs...]",
    positionals: [0, Number.POSITIVE_INFINITY],
    about: [
      "Fetches the history that the model needs, scores every series, and writes one JSON record an episode. The same data",
      "twice gives no second record; an episode that goes on keeps its id. The state of every series goes to --states.",
    ],
    examples: [
      {
        about: "CSV files: the last day of the data",
        line: "anomaly train data/fleet/history && anomaly infer data/fleet",
      },
      {
        about: "all four live days, for a shell's if",
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
        about: "Prometheus, with the model that was trained from it",
        line: "anomaly infer --source prometheus --query fleet --label machine=instance --model fleet -o out/fleet.ndjson",
        needs: "prometheus",
      },
      {
        about: "Grafana; the token is in the environment",
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
      "Adds max_value, avg_value, valid_pct and more over the 24 hours around each record, and the values to draw them. Reads",
      "stdin when that is a pipe, else out/anomalies.ndjson. What cannot be fetched is kept, with nulls and hydrate_error.",
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
    summary: "draw each record, and all of them in one overview",
    usage: "[records file]",
    positionals: [0, 1],
    about: [
      "Draws one picture a record and an overview. Reads stdin when that is a pipe, else out/hydrated.ndjson; writes to",
      "out/plots/ and prints the paths. A record that was not hydrated is fetched on the way when a source is given.",
    ],
    examples: [
      {
        about: "straight from the records, with a source",
        line: "anomaly train data/fleet/history && anomaly infer data/fleet | anomaly plot --data data/fleet",
      },
      {
        about: "as web pages to hover over",
        line: "anomaly infer data/fleet | anomaly hydrate --data data/fleet | anomaly plot --format html",
      },
    ],
  },
  show: {
    summary: "the records as a table in the terminal",
    usage: "[records file]",
    positionals: [0, 1],
    about: [
      "Prints a row a record, what is open and worst first, with a sparkline of the 24 hours where hydrate has been over them;",
      "what began on many machines at once stands above. Reads stdin when that is a pipe, else out/hydrated.ndjson or",
      "out/anomalies.ndjson.",
    ],
    examples: [
      {
        about: "what is wrong",
        line: "anomaly train data/fleet/history && anomaly infer data/fleet --lookback 4d | anomaly hydrate --data data/fleet > out/hydrated.ndjson; anomaly show",
      },
      { about: "the five worst for a ticket", line: "anomaly show --limit 5 --format markdown" },
      { about: "what is still going on, for a program", line: "anomaly show --open --format json | head -c 400" },
    ],
  },
  explain: {
    summary: "say why one record is a record",
    usage: "<id> [records file]",
    positionals: [1, 2],
    about: [
      "Prints all that a record holds in words: the score and the threshold, what was seen and what was expected, since when, the",
      "24 hours around it. The id may be cut as long as it names one record. With --evidence the score is made once more from what",
      "infer --evidence has kept, and compared to the last bit; the status is 1 if it differs.",
    ],
    examples: [
      {
        about: "the worst of them",
        line: "anomaly train data/fleet/history && anomaly infer data/fleet --lookback 4d -o out/anomalies.ndjson && anomaly explain $(anomaly show --limit 1 --format csv | tail -1 | cut -d, -f1)",
      },
      {
        about: "the same, with the score made once more from what it was made of",
        line: "anomaly infer data/fleet --lookback 4d --evidence out/evidence -o out/anomalies.ndjson && anomaly explain $(anomaly show --limit 1 --format csv | tail -1 | cut -d, -f1) --evidence out/evidence",
      },
    ],
  },
  report: {
    summary: "all records as one page for others to read",
    usage: "[records file]",
    positionals: [0, 1],
    about: [
      "Writes one self-contained HTML page: what is wrong now, what began on many machines at once, machines over time, the trend,",
      "who pages most, and which series were not scored and why. Works from the records (and --states) alone; links to the pictures",
      "of plot and, with --grafana-url, into Grafana.",
    ],
    examples: [
      {
        about: "the page and a picture of its head",
        line: "anomaly train data/fleet/history && anomaly infer data/fleet --lookback 4d | anomaly hydrate --data data/fleet > out/hydrated.ndjson; anomaly plot -q; anomaly report --png out/report.png",
      },
      {
        about: "two days, as data",
        line: "anomaly report --from 2025-07-01 --until 2025-07-03 --json > out/report.json",
      },
    ],
  },
  backtest: {
    summary: "replay history as production would have run, and count what it is worth",
    usage: "<csv files, folders or globs...>",
    positionals: [0, Number.POSITIVE_INFINITY],
    about: [
      "Scores every slot with what was known then: warm-up, learning from the past at each --refit, never the future. Writes",
      "the scores of each series and its episodes to out/backtest/. With labels (a column, or --labels) it prints event F1,",
      "precision, recall, false alarms a week, delay, recall at one false alarm a week, AUC-PR and more.",
    ],
    examples: [
      {
        about: "a labelled file: how good would the alarms have been?",
        line: "anomaly backtest data/labelled/visit_length_hour.csv",
      },
      {
        about: "a fleet, against intervals that people have marked, with a picture of each series",
        line: "anomaly backtest data/fleet --labels data/fleet/truth.json --refit 14d --plot",
      },
      {
        about: "an alert budget: is it kept?",
        line: "anomaly backtest data/fleet --labels data/fleet/truth.json --detector family --max-episodes 1/week --json > out/figures.json",
      },
    ],
  },
  demo: {
    summary: "the whole chain on a simulated fleet, no network needed",
    usage: "",
    positionals: [0, 0],
    about: [
      "Simulates a fleet with labelled incidents, trains on its months, replays its live days, hydrates, plots, reports, and",
      "prints what was found against the truth. Everything is written under out/demo/.",
    ],
    examples: [{ about: "a small one", line: "anomaly demo --machines 4 --days 30 --incidents 1" }],
  },
  simulate: {
    summary: "write a fleet of series with labelled incidents",
    usage: "<folder>",
    positionals: [1, 1],
    about: [
      "Writes history/, live/ and truth.json: daily and weekly shape, machine levels, autocorrelated noise, gaps, ordinary",
      "spikes; labelled spikes, level shifts, drifts, stalls, drops to zero and silences in the live days.",
    ],
    examples: [{ about: "five machines, a month", line: "anomaly simulate out/fleet --machines 5 --days 30 --seed 7" }],
  },
  models: {
    summary: "list the models, or show one",
    usage: "[list | show <name>]",
    positionals: [0, 2],
    words: ["list", "show"],
    about: ["Without a word it lists. The model is a file of data; nothing in it is ever executed."],
    examples: [
      { about: "what is there", line: "anomaly train data/fleet/history && anomaly models" },
      { about: "what one was trained on, and how good it is", line: "anomaly models show default" },
    ],
  },
  cache: {
    summary: "list what train keeps of servers' histories, or clear it",
    usage: "[ls | clear [id]]",
    positionals: [0, 2],
    words: ["ls", "clear"],
    about: [
      "Without a word it lists: one line a question that was asked of a server, with its months and their size. What is",
      "cleared is fetched again by the next train.",
    ],
    examples: [
      { about: "what is there", line: "anomaly cache ls" },
      { about: "all of it away", line: "anomaly cache clear" },
    ],
  },
  init: {
    summary: "write an anomaly.yaml with jobs from a dashboard or from a metric find",
    usage: "",
    positionals: [0, 0],
    about: [
      "Asks Grafana for a dashboard (--from-dashboard) or a server for its metrics (--source) and writes jobs with named queries",
      "or templates: ready-made ones for exporters that are known, and of other metrics those that vary, or those that --find",
      "names. What is left out stands there as a comment. Without a source it writes a file for CSV. Nothing is written over",
      "without --force.",
    ],
    examples: [
      { about: "a file to begin with", line: "anomaly init -o out/anomaly.yaml" },
      {
        about: "from what a Prometheus holds",
        line: "anomaly init --source prometheus -o out/held.yaml",
        needs: "prometheus",
      },
      {
        about: "from a find in Graphite",
        line: "anomaly init --source graphite --find 'fleet.*.*' -o out/found.yaml",
        needs: "graphite",
      },
      {
        about: "from the metrics of Prometheus whose name fits",
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
      "Asks the server and says, check by check: is it reachable, what may the token do (a warning where it can write), do the",
      "clocks agree, how many series there are, their step, gaps, how late their newest values are, counters and their resets,",
      "and at which age archives grow coarser. Status 1 where a check failed; a warning names the option that helps.",
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
      { about: "which file is used", line: "anomaly config path" },
    ],
  },
  completion: {
    summary: "print the completion script for a shell",
    usage: "<bash | zsh | fish>",
    positionals: [1, 1],
    words: ["bash", "zsh", "fish"],
    about: ["Load it in the shell's start-up file."],
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
