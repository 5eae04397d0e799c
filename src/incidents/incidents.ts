import { isGroupRecord } from "../records/group-members.js";
import type { AnomalyRecord } from "../records/record.js";
import { type FleetAnomaly, type FleetOptions, findFleetAnomalies } from "./fleet.js";
import { findMachineIncidents, type MachineIncident } from "./machine.js";

/** What began together: over the fleet, and on single machines. A record belongs to one of them at most. */
export interface Incidents {
  readonly fleet: readonly FleetAnomaly[];
  readonly machines: readonly MachineIncident[];
}

export function findIncidents(records: readonly AnomalyRecord[], options: FleetOptions = {}): Incidents {
  // The record of a group says of its members what an incident would, and these have records of their own.
  const ofSeries = records.filter((record) => !isGroupRecord(record));
  const fleet = findFleetAnomalies(ofSeries, options);
  const taken = new Set(fleet.flatMap(({ members }) => members));
  return { fleet, machines: findMachineIncidents(ofSeries.filter(({ id }) => !taken.has(id))) };
}
