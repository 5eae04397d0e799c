import { offsetMs } from "../time/timezone.js";
import { dailyShape } from "./daily-shape.js";
import type { FleetPlan } from "./fleet-plan.js";
import { seriesStream } from "./series-stream.js";

/** One moment of one aggregator: a value for each machine, NaN where there is none. */
export interface FleetRow {
  readonly timeMs: number;
  /** Counted from the start of the history; the live part begins at `plan.historySlots`. */
  readonly slot: number;
  /** In the order of `plan.machines`. One buffer for all rows: copy what is to be kept. */
  readonly values: Float64Array;
}

/** By how many hours one aggregator's day runs ahead of the one before it in the family. */
const PHASE_HOURS = 1;

/** All rows of an aggregator, history and live, in time order; memory for one row only. */
export function* fleetRows(plan: FleetPlan, aggregatorIndex: number): Generator<FleetRow> {
  const { startMs, stepMs, timezone = "UTC" } = plan.options;
  const streams = plan.machines.map((_, machineIndex) => seriesStream(plan, machineIndex, aggregatorIndex));
  const phaseHours = (aggregatorIndex * PHASE_HOURS) % 24;
  const values = new Float64Array(streams.length);
  for (let slot = 0; slot < plan.historySlots + plan.liveSlots; slot++) {
    const timeMs = startMs + slot * stepMs;
    const shape = dailyShape(timeMs + offsetMs(timeMs, timezone), phaseHours);
    for (let m = 0; m < streams.length; m++) values[m] = streams[m](shape);
    yield { timeMs, slot, values };
  }
}
