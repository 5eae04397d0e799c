import { ALARM_RULES } from "./alarm-metrics.js";
import { type Agreement, agreement, type ComparedAlert, compareAlerts } from "./alert-diff.js";
import type { BacktestInput } from "./backtest-input.js";
import { type Backtest, type BacktestOptions, runBacktest } from "./run-backtest.js";

/** One detector of a comparison. */
export interface ComparedRun {
  readonly detector: string;
  readonly backtest: Backtest;
  /** CPU time of all threads, for training, replay and figures. */
  readonly cpuSeconds: number;
}

export interface Comparison {
  readonly inputs: readonly BacktestInput[];
  readonly runs: readonly ComparedRun[];
  readonly alerts: readonly ComparedAlert[];
  /** Of the first detector with each of the others. */
  readonly withFirst: readonly Agreement[];
}

export interface CompareOptions extends Omit<BacktestOptions, "detector" | "onProgress" | "pathOf"> {
  /** Where the scores of an input are written; undefined writes none. */
  readonly pathOf?: (detector: string, place: number) => string;
  readonly onProgress?: (detector: string, phase: "fitting" | "replaying", done: number, total: number) => void;
}

/** Replays all inputs with one detector after the other, and puts their alerts beside each other. */
export async function compareDetectors(
  inputs: readonly BacktestInput[],
  detectors: readonly string[],
  { pathOf, onProgress, ...options }: CompareOptions,
): Promise<Comparison> {
  const runs: ComparedRun[] = [];
  for (const detector of detectors) {
    const began = process.cpuUsage();
    const backtest = await runBacktest(inputs, {
      ...options,
      detector,
      pathOf: pathOf && ((_, place) => pathOf(detector, place)),
      onProgress: onProgress && ((phase, done, total) => onProgress(detector, phase, done, total)),
    });
    const { user, system } = process.cpuUsage(began);
    runs.push({ detector, backtest, cpuSeconds: (user + system) / 1e6 });
  }
  const found = runs.map(({ backtest }) => backtest.results.map(({ records }) => records));
  const alerts = compareAlerts(inputs, found, ALARM_RULES.delayMs);
  const withFirst = runs.slice(1).map((_, i) => agreement(alerts, 0, i + 1));
  return { inputs, runs, alerts, withFirst };
}
