import { createHash } from "node:crypto";
import type { AnomalyRecord, Direction, EpisodeKind } from "../records/record.js";
import { MINUTE_MS } from "../time/duration.js";
import { kindWords } from "../wording/kind.js";
import { percent } from "../wording/percent.js";
import { type IncidentSummary, mostFrequent, summaryOfMembers } from "./summary.js";
import { begunTogether } from "./together.js";

/** A meta record: what began on many machines at once, as one thing instead of a page for each. */
export interface FleetAnomaly extends IncidentSummary {
  readonly schema: "anomaly-fleet/1";
  /** Stable: a hash of the members' first start and the kind. */
  readonly id: string;
  readonly kind: "fleet";
  /** The most frequent kind and direction of the members. */
  readonly member_kind: EpisodeKind;
  readonly direction: Direction;
  readonly machines: readonly string[];
  /** Of the fleet, 0–1. */
  readonly machine_share: number;
  readonly aggregators: readonly string[];
  readonly reasons: readonly string[];
}

export interface FleetOptions {
  /** This many machines are a fleet anomaly, whatever the size of the fleet. Default 20. */
  readonly minMachines?: number;
  /** Or this share (0–1) of the fleet, but never fewer than three machines. Default 0.2. */
  readonly minShare?: number;
  /** Episodes that begin within this time of one another began together. Default 30 min. */
  readonly windowMs?: number;
  /** Machines of the fleet; by default those that occur in the records, which is too few where most are quiet. */
  readonly fleetMachines?: number;
}

export const DEFAULT_FLEET_RULE = { minMachines: 20, minShare: 0.2, windowMs: 30 * MINUTE_MS } as const;
/** Two machines of a fleet of five are a coincidence. */
const LEAST_MACHINES = 3;

/** How many machines make a fleet anomaly. */
export function machinesNeeded(fleetMachines: number, options: FleetOptions = {}): number {
  const { minMachines, minShare } = { ...DEFAULT_FLEET_RULE, ...options };
  return Math.max(LEAST_MACHINES, Math.min(minMachines, Math.ceil(minShare * fleetMachines)));
}

/**
 * Finds what began on enough machines within one window. Windows that share episodes are one anomaly; a record belongs to one at
 * most. In the order of their start.
 */
export function findFleetAnomalies(records: readonly AnomalyRecord[], options: FleetOptions = {}): FleetAnomaly[] {
  const windowMs = options.windowMs ?? DEFAULT_FLEET_RULE.windowMs;
  const fleetMachines = Math.max(options.fleetMachines ?? 0, new Set(records.map(({ machine }) => machine)).size);
  const needed = machinesNeeded(fleetMachines, options);
  return begunTogether(records, windowMs, needed, ({ machine }) => machine).map((members) =>
    fleetAnomaly(members, fleetMachines),
  );
}

function fleetAnomaly(members: readonly AnomalyRecord[], fleetMachines: number): FleetAnomaly {
  const machines = [...new Set(members.map(({ machine }) => machine))].sort();
  const aggregators = [...new Set(members.map(({ aggregator }) => aggregator))].sort();
  const start = members[0].start;
  const kind = mostFrequent(members.map((record) => record.kind));
  const direction = mostFrequent(members.map((record) => record.direction));
  const share = machines.length / fleetMachines;
  const alike = members.filter((record) => record.kind === kind).length;
  return {
    schema: "anomaly-fleet/1",
    id: createHash("sha256").update(`fleet ${start} ${kind}`).digest("hex").slice(0, 16),
    kind: "fleet",
    member_kind: kind,
    direction,
    ...summaryOfMembers(members),
    machines,
    machine_share: Number(share.toPrecision(4)),
    aggregators,
    reasons: [
      `${machines.length} of ${fleetMachines} machines (${percent(share)}) at once`,
      `${alike} of ${members.length} episodes are a ${kindWords({ kind, direction })}`,
    ],
  };
}
