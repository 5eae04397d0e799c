import type { Series } from "../series/series.js";
import { type FleetPlan, planFleet } from "./fleet-plan.js";
import { fleetRows } from "./fleet-rows.js";
import type { Incident } from "./incident.js";
import type { FleetOptions } from "./options.js";

export interface Fleet {
  /** Aggregator by aggregator, machine by machine; `history[i]` and `live[i]` are the same series. */
  readonly history: readonly Series[];
  readonly live: readonly Series[];
  readonly truth: readonly Incident[];
}

/**
 * Generates a fleet in memory: 8 bytes a value. To write one of any size to disk use `writeFleet`.
 *
 * Missing slots are NaN. The values are ratios ≥ 0 of 6 digits.
 *
 * @throws UsageError for options that cannot make a fleet.
 * @example simulateFleet({ ...DEFAULT_FLEET, machines: 2 }).history.length // 12
 */
export function simulateFleet(options: FleetOptions): Fleet {
  const plan = planFleet(options);
  const history: Series[] = [];
  const live: Series[] = [];
  plan.aggregators.forEach((aggregator, aggregatorIndex) => {
    const past = plan.machines.map(() => new Float64Array(plan.historySlots));
    const present = plan.machines.map(() => new Float64Array(plan.liveSlots));
    for (const { slot, values } of fleetRows(plan, aggregatorIndex)) {
      const [part, index] = slot < plan.historySlots ? [past, slot] : [present, slot - plan.historySlots];
      for (let m = 0; m < values.length; m++) part[m][index] = values[m];
    }
    plan.machines.forEach((machine, m) => {
      const common = {
        name: `${machine}.${aggregator}`,
        labels: { machine, aggregator },
        stepMs: options.stepMs,
        unit: "ratio",
      };
      history.push({ ...common, startMs: options.startMs, values: past[m] });
      live.push({ ...common, startMs: options.startMs + plan.historySlots * options.stepMs, values: present[m] });
    });
  });
  return { history, live, truth: truthOf(plan) };
}

/** The incidents as they are written: without what only the generator needs. */
export function truthOf(plan: FleetPlan): Incident[] {
  return plan.incidents.map(({ machine, aggregator, kind, startMs, endMs }) => ({
    machine,
    aggregator,
    kind,
    startMs,
    endMs,
  }));
}
