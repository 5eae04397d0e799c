import type { CommandName } from "../options/spec.js";
import type { CommandSpec } from "./spec.js";

/** Commands that read records and show them to people. */
export const READING = {
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
  around: {
    summary: "say what else moved around a time or an episode",
    usage: "<time|id> [records file]",
    positionals: [1, 2],
    about: [
      "Compares every series with the hours before and the same hours of earlier days, and lists what changed more than it does on",
      "those days: when it began, which were first, which labels they share, and what stayed still although it usually moves with",
      "them. The time is one such as 2025-07-02T21:40Z or now-3h, or that of the episode or incident of an id.",
    ],
    examples: [
      {
        about: "around a time, with a page of small pictures",
        line: "anomaly around 2025-07-02T21:40Z --window 4h --data data/fleet -o out/around.html",
      },
      {
        about: "around the worst record, as data",
        line: "anomaly train data/fleet/history && anomaly infer data/fleet --lookback 4d -o out/anomalies.ndjson && anomaly around $(anomaly show --limit 1 --format csv | tail -1 | cut -d, -f1) --window 4h --data data/fleet --json > out/around.json",
      },
      {
        about: "around an hour ago, from Prometheus",
        line: "anomaly around now-1h --source prometheus --query fleet --label machine=instance",
        needs: "prometheus",
      },
    ],
  },
} as const satisfies Partial<Record<CommandName, CommandSpec>>;
