import type { CommandName } from "../options/spec.js";
import type { CommandSpec } from "./spec.js";

/** Commands that set a project up and keep it in order. */
export const UPKEEP = {
  models: {
    summary: "list the models, show one, or put a version in use",
    usage: "[list | show <name> [version] | promote <name> <version>]",
    positionals: [0, 3],
    words: ["list", "show", "promote"],
    about: [
      "Lists by default. A model is a data file; nothing in it is executed. train --challenger, and serve with retrain, write new",
      "versions beside the one in use; promote puts one in use and keeps the other, so that promoting that one undoes it.",
    ],
    examples: [
      { about: "list", line: "anomaly train data/fleet/history && anomaly models" },
      { about: "what a model was trained on, and how good it is", line: "anomaly models show default" },
      {
        about: "train a new version and put it in use",
        line: "anomaly train data/fleet/history --seed 2 --challenger && anomaly models promote default $(ls models/default/versions)",
      },
      { about: "what would not be found", line: "anomaly models show default --power --png out/power.png" },
    ],
  },
  detectors: {
    summary: "list the detectors, show one, or check one of your own",
    usage: "[list | show <name> | check <name or file>]",
    positionals: [0, 2],
    words: ["list", "show", "check"],
    about: [
      "Lists by default. show says what a detector is good and bad for, where its method is from, its options (--set), and what a",
      "slot costs on this machine. check tries a detector against the contract of all: no future, the same from a checkpoint to the",
      "last bit, finite scores whatever comes. A file of your own, ./my-detector.js, runs with the rights of whoever runs it.",
    ],
    examples: [
      { about: "list", line: "anomaly detectors" },
      { about: "one, with its options and its cost", line: "anomaly detectors show dynamics" },
      { about: "check one", line: "anomaly detectors check zscore" },
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
} as const satisfies Partial<Record<CommandName, CommandSpec>>;
