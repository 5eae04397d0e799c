import { UsageError } from "../errors/errors.js";
import { DAY_MS, formatDuration, HOUR_MS, MINUTE_MS } from "../time/duration.js";

/** What fleet to make. The same options give the same fleet to the last digit. */
export interface FleetOptions {
  readonly seed: number;
  /** Number of machines, named `n200-primary-example-com` and on. */
  readonly machines: number;
  /** Number of aggregators of the family (six have names of their own), or their names. */
  readonly aggregators: number | readonly string[];
  readonly historyDays: number;
  /** Days after the history; the labelled incidents lie in them. */
  readonly liveDays: number;
  readonly stepMs: number;
  /** First slot of the history, epoch ms; a multiple of `stepMs`. */
  readonly startMs: number;
  /** Incidents of each of the six kinds. */
  readonly incidentsPerKind: number;
  /** IANA zone whose wall clock the daily and weekly shape follows, DST included. Default UTC. */
  readonly timezone?: string;
}

export const DEFAULT_FLEET: FleetOptions = {
  seed: 7,
  machines: 12,
  aggregators: 6,
  historyDays: 90,
  liveDays: 3,
  stepMs: 20 * MINUTE_MS,
  startMs: Date.UTC(2025, 5, 3),
  incidentsPerKind: 3,
};

/** The family: one thing measured six ways, as the aggregation pipelines of one product are. */
const FAMILY = [
  "visit_length_hour",
  "visit_length_day",
  "client_presence_hour",
  "client_presence_day",
  "probe_counts_hour",
  "probe_counts_day",
] as const;

export function aggregatorNames(aggregators: number | readonly string[]): readonly string[] {
  if (typeof aggregators !== "number") return aggregators;
  return Array.from({ length: aggregators }, (_, i) => {
    const round = Math.floor(i / FAMILY.length);
    return round === 0 ? FAMILY[i] : `${FAMILY[i % FAMILY.length]}_${round + 1}`;
  });
}

export function machineNames(machines: number): readonly string[] {
  return Array.from({ length: machines }, (_, i) => `n${200 + i}-primary-example-com`);
}

/**
 * Refuses options that cannot make a fleet.
 *
 * @throws UsageError naming the option, what it was and what it must be.
 */
export function checkFleetOptions(options: FleetOptions): void {
  const whole = (name: string, value: number, least: number) => {
    if (!Number.isInteger(value) || value < least) {
      throw new UsageError("fleet", `${name} is ${value}, but must be a whole number of at least ${least}`);
    }
  };
  whole("seed", options.seed, 0);
  whole("machines", options.machines, 1);
  whole("history days", options.historyDays, 1);
  whole("live days", options.liveDays, 1);
  whole("incidents per kind", options.incidentsPerKind, 0);
  whole("step in milliseconds", options.stepMs, 1000);
  if (typeof options.aggregators === "number") whole("aggregators", options.aggregators, 1);
  const names = aggregatorNames(options.aggregators);
  if (names.length === 0 || new Set(names).size !== names.length) {
    throw new UsageError("fleet", `aggregators must be one or more different names, but are "${names.join(", ")}"`);
  }
  const unsafe = names.find((name) => !/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name));
  if (unsafe !== undefined) {
    throw new UsageError(
      "fleet",
      `the aggregator "${unsafe}" cannot name a file; use letters, digits, dots, dashes and underscores`,
    );
  }
  // A day of whole slots keeps every day of the fleet alike; slots longer than an hour would hide the daily shape.
  if (DAY_MS % options.stepMs !== 0 || options.stepMs > HOUR_MS) {
    throw new UsageError(
      "fleet",
      `the step ${formatDuration(options.stepMs)} must divide a day and be at most 1h; try 1min, 5min or 20min`,
    );
  }
  if (options.startMs % options.stepMs !== 0) {
    throw new UsageError("fleet", `the start must be a multiple of the step ${formatDuration(options.stepMs)}`);
  }
}
