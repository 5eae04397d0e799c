import { METHOD_NAMES } from "../../dist/evaluate/method-names.js";
import { runBacktest } from "../../dist/evaluate/run-backtest.js";
import { grafanaAdaptive } from "./baselines/grafana-adaptive.js";
import { rollingZ } from "./baselines/rolling-z.js";
import { seasonalZ } from "./baselines/seasonal-z.js";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
export const IGNORE_MS = 3 * DAY_MS;
const REFIT_MS = 7 * DAY_MS;

const baseline = (score) => async (inputs) => inputs.map(({ series }) => score(series));

const ours = (method) => async (inputs) => {
  const options = { method, timezone: "UTC", seed: 1, refitMs: REFIT_MS, ignoreMs: IGNORE_MS, vus: false };
  const { results } = await runBacktest(inputs, options);
  return results.map(({ scored }) => scored.score);
};

/** What was there before, as people use it. Each gives a score for every slot, 1 being its own threshold. */
export const BASELINES = {
  "rolling z 1h": baseline(rollingZ(HOUR_MS)),
  "rolling z 24h": baseline(rollingZ(DAY_MS)),
  "seasonal robust z": baseline(seasonalZ),
  "grafana adaptive": baseline(grafanaAdaptive),
};

/** Our methods at their shipped defaults. */
export const OURS = Object.fromEntries(METHOD_NAMES.map((name) => [name, ours(name)]));
