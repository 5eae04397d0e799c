import type { EpisodeKind } from "../../records/record.js";
import type { Series } from "../../series/series.js";
import { DEFAULT_FLEET } from "../../simulate/options.js";
import { simulateFleet } from "../../simulate/simulate.js";
import type { MetricHistory } from "../../sources/testing/graphite-server.js";
import { DAY_MS, HOUR_MS, MINUTE_MS, WEEK_MS } from "../../time/duration.js";

export const STEP_MS = 20 * MINUTE_MS;
/** Five whole weeks are learned; what follows is looked at. */
export const HISTORY_MS = 5 * WEEK_MS;
export const HISTORY_START_MS = Date.UTC(2025, 4, 5);
export const HISTORY_END_MS = HISTORY_START_MS + HISTORY_MS;
/** Two days more than a week, so that any moment of the week lies two days or more behind the history. */
const LIVE_DAYS = 9;

/** What is done to one series, in hours before the moment that is looked at. */
export interface Injected {
  readonly machine: string;
  readonly aggregator: string;
  readonly kind: EpisodeKind;
  readonly fromHours: number;
  /** 0: it is still open. */
  readonly untilHours: number;
  readonly value: (usual: number, last: number) => number;
}

const machine = (i: number) => `n${200 + i}-primary-example-com`;

/** One of each kind that a person would want to know about, each far outside what the fleet does by itself. */
export const INJECTED: readonly Injected[] = [
  {
    machine: machine(0),
    aggregator: "visit_length_hour",
    kind: "level_shift",
    fromHours: 8,
    untilHours: 0,
    value: (usual) => 4 * usual,
  },
  {
    machine: machine(1),
    aggregator: "visit_length_day",
    kind: "drop",
    fromHours: 12,
    untilHours: 8,
    value: () => 0,
  },
  {
    machine: machine(2),
    aggregator: "client_presence_hour",
    kind: "silence",
    fromHours: 7,
    untilHours: 0,
    value: () => Number.NaN,
  },
  {
    machine: machine(3),
    aggregator: "visit_length_hour",
    kind: "spike",
    fromHours: 16,
    untilHours: 15,
    value: (usual) => 6 * usual,
  },
  {
    machine: machine(1),
    aggregator: "client_presence_hour",
    kind: "stall",
    fromHours: 12,
    untilHours: 0,
    value: (_, last) => last,
  },
];

/** Four machines × three aggregators: five weeks, and nine days more without incidents. */
export function ordinaryFleet(): readonly Series[] {
  const { history, live } = simulateFleet({
    ...DEFAULT_FLEET,
    // A seed whose nine days beyond the history hold nothing that the model would call unusual.
    seed: 23,
    machines: 4,
    aggregators: 3,
    historyDays: HISTORY_MS / DAY_MS,
    liveDays: LIVE_DAYS,
    stepMs: STEP_MS,
    startMs: HISTORY_START_MS,
    incidentsPerKind: 0,
  });
  return history.map((series, i) => ({ ...series, values: Float64Array.from([...series.values, ...live[i].values]) }));
}

/**
 * The fleet with its incidents, cut at `endMs`, moved by whole weeks so that its history ends at least two days before.
 * Whole weeks, because then the shape of the day and the week stays where it is.
 */
export function fleetUntil(ordinary: readonly Series[], endMs: number, pathOf: (series: Series) => string) {
  const weeks = Math.floor((endMs - 2 * DAY_MS - HISTORY_END_MS) / WEEK_MS);
  const startMs = HISTORY_START_MS + weeks * WEEK_MS;
  const slots = (endMs - startMs) / STEP_MS;
  return ordinary.map((series): MetricHistory => {
    const values = Array.from(series.values.subarray(0, slots));
    for (const incident of INJECTED) {
      if (incident.machine !== series.labels.machine || incident.aggregator !== series.labels.aggregator) continue;
      const [from, until] = [incident.fromHours, incident.untilHours].map((h) => slots - (h * HOUR_MS) / STEP_MS);
      const last = lastKnown(values, from);
      for (let i = from; i < until; i++) values[i] = incident.value(values[i], last);
    }
    return {
      path: pathOf(series),
      startS: startMs / 1000,
      stepS: STEP_MS / 1000,
      values: values.map((value) => (Number.isNaN(value) ? null : value)),
    };
  });
}

function lastKnown(values: readonly number[], before: number): number {
  let i = before - 1;
  while (Number.isNaN(values[i])) i--;
  return values[i];
}
