import type { CommandName } from "../options/spec.js";
import type { CommandSpec } from "./spec.js";

/** Commands that measure or try the detectors. */
export const TRIAL = {
  backtest: {
    summary: "replay history as in production and measure the alarms",
    usage: "<csv files, folders or globs...>",
    positionals: [0, Number.POSITIVE_INFINITY],
    about: [
      "Scores every slot with what was known at that time; the detector is trained on the past at each --refit. Writes scores",
      "and episodes to out/backtest/. With labels (a column, or --labels) it prints event F1, precision, recall, false alarms per",
      "week, delay, recall at one false alarm per week, AUC-PR and more. Several detectors, separated by commas, are compared.",
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
        about: "compare detectors: one table, the alerts that differ, one picture per series",
        line: "anomaly backtest data/fleet --labels data/fleet/truth.json --detector residual,family,dynamics --plot -o out/compared",
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
} as const satisfies Partial<Record<CommandName, CommandSpec>>;
