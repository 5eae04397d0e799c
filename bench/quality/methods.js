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

const OPTIONS = { timezone: "UTC", seed: 1, refitMs: REFIT_MS, ignoreMs: IGNORE_MS, vus: false };

const ours = (method) => async (inputs) => {
  const { results } = await runBacktest(inputs, { ...OPTIONS, method });
  return results.map(({ scored }) => scored.score);
};

/** Episodes a series and week that come of a budget of so many; right or wrong, because a budget cannot know. */
export async function episodesAWeek(method, inputs, episodes) {
  const threshold = { kind: "budget", episodes, perMs: 7 * DAY_MS };
  const { results, total } = await runBacktest(inputs, { ...OPTIONS, method, threshold });
  const weeks = inputs.reduce(
    (sum, { series }) => sum + Math.max(0, series.values.length * series.stepMs - IGNORE_MS) / (7 * DAY_MS),
    0,
  );
  return { found: results.reduce((sum, { records }) => sum + records.length, 0) / weeks, figures: total };
}

/** What was there before, as people use it. Each gives a score for every slot, 1 being its own threshold. */
export const BASELINES = {
  "rolling z 1h": baseline(rollingZ(HOUR_MS)),
  "rolling z 24h": baseline(rollingZ(DAY_MS)),
  "seasonal robust z": baseline(seasonalZ),
  "grafana adaptive": baseline(grafanaAdaptive),
};

/** Our methods at their shipped defaults. */
export const OURS = Object.fromEntries(METHOD_NAMES.map((name) => [name, ours(name)]));
