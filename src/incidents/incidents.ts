import type { AnomalyRecord } from "../records/record.js";
import { type FleetAnomaly, type FleetOptions, findFleetAnomalies } from "./fleet.js";
import { findMachineIncidents, type MachineIncident } from "./machine.js";

/** What began together: over the fleet, and on single machines. A record belongs to one of them at most. */
export interface Incidents {
  readonly fleet: readonly FleetAnomaly[];
  readonly machines: readonly MachineIncident[];
}

export function findIncidents(records: readonly AnomalyRecord[], options: FleetOptions = {}): Incidents {
  const fleet = findFleetAnomalies(records, options);
  const taken = new Set(fleet.flatMap(({ members }) => members));
  return { fleet, machines: findMachineIncidents(records.filter(({ id }) => !taken.has(id))) };
}
