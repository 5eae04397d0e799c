import { DETECTOR_NAMES } from "../../dist/detectors/registry.js";
import { alarmMetrics } from "../../dist/evaluate/alarm-metrics.js";
import { runBacktest } from "../../dist/evaluate/run-backtest.js";
import { grafanaAdaptive } from "./baselines/grafana-adaptive.js";
import { rollingZ } from "./baselines/rolling-z.js";
import { seasonalZ } from "./baselines/seasonal-z.js";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WARM_UP_MS = 3 * DAY_MS;
const REFIT_MS = 7 * DAY_MS;

const baseline = (score) => async (inputs) => inputs.map(({ series }) => score(series));

const optionsOf = (method, { ignoreMs }) => ({
  timezone: "UTC",
  seed: 1,
  refitMs: REFIT_MS,
  ignoreMs,
  vus: false,
  detector: method,
});

/** Scores and episodes of each series. Scores begin with the series; the start that is not labelled only matters to counting. */
export async function replayed(method, inputs, set) {
  const { results } = await runBacktest(inputs, optionsOf(method, { ignoreMs: Math.min(set.ignoreMs, WARM_UP_MS) }));
  return results;
}

const ours = (method) => async (inputs, set) => (await replayed(method, inputs, set)).map(({ scored }) => scored.score);

/** Alarms and episodes a series and week that come of a budget of this many; right or wrong, because a budget cannot know. */
export async function alarmsAWeek(method, inputs, set, episodes) {
  const threshold = { kind: "budget", episodes, perMs: 7 * DAY_MS };
  const { results } = await runBacktest(inputs, { ...optionsOf(method, set), threshold });
  const counts = results.map(({ scored }) => alarmMetrics(scored));
  const weeks = counts.reduce((sum, one) => sum + one.weeks, 0);
  return {
    alarms: counts.reduce((sum, one) => sum + one.alarms, 0) / weeks,
    episodes: results.reduce((sum, { records }) => sum + records.length, 0) / weeks,
    scores: results.map(({ scored }) => scored.score),
  };
}

/** What was there before, as people use it. Each gives a score for every slot, 1 being its own threshold. */
export const BASELINES = {
  "rolling z 1h": baseline(rollingZ(HOUR_MS)),
  "rolling z 24h": baseline(rollingZ(DAY_MS)),
  "seasonal robust z": baseline(seasonalZ),
  "grafana adaptive": baseline(grafanaAdaptive),
};

/** Our methods at their shipped defaults. */
export const OURS = Object.fromEntries([...DETECTOR_NAMES, "boosted:scope=family"].map((name) => [name, ours(name)]));
