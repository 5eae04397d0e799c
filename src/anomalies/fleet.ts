import { createHash } from "node:crypto";
import type { AnomalyRecord, Direction, EpisodeKind, Severity } from "../records/record.js";
import { MINUTE_MS } from "../time/duration.js";
import { formatUtc } from "../time/format.js";

/** A meta record: what began on many machines at once, as one thing instead of a page for each. */
export interface FleetAnomaly {
  readonly schema: "anomaly-fleet/1";
  /** Stable: a hash of the members' first start and the kind. */
  readonly id: string;
  readonly kind: "fleet";
  /** The most frequent kind and direction of the members. */
  readonly member_kind: EpisodeKind;
  readonly direction: Direction;
  readonly severity: Severity;
  /** Highest score of the members. */
  readonly score: number;
  readonly start: string;
  /** Latest end of the members. */
  readonly end: string;
  readonly status: "open" | "closed";
  readonly machines: readonly string[];
  /** Of the fleet, 0-1. */
  readonly machine_share: number;
  readonly aggregators: readonly string[];
  /** Ids of the records that it stands for. */
  readonly members: readonly string[];
  readonly reasons: readonly string[];
}

export interface FleetOptions {
  /** So many machines are a fleet anomaly, whatever the size of the fleet. Default 20. */
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
const SEVERITY_ORDER: readonly Severity[] = ["low", "medium", "high", "critical"];

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
  const sorted = records
    .map((record) => ({ record, startMs: Date.parse(record.start) }))
    .toSorted((a, b) => a.startMs - b.startMs || (a.record.id < b.record.id ? -1 : 1));
  // Machines and how often each occurs in the window [first, i] of the sorted records.
  const inWindow = new Map<string, number>();
  const spans: { first: number; last: number }[] = [];
  let first = 0;
  for (let i = 0; i < sorted.length; i++) {
    const { machine } = sorted[i].record;
    inWindow.set(machine, (inWindow.get(machine) ?? 0) + 1);
    for (; sorted[i].startMs - sorted[first].startMs > windowMs; first++) {
      const leaving = sorted[first].record.machine;
      const left = inWindow.get(leaving)! - 1;
      if (left === 0) inWindow.delete(leaving);
      else inWindow.set(leaving, left);
    }
    if (inWindow.size < needed) continue;
    const open = spans.at(-1);
    if (open !== undefined && first <= open.last) open.last = i;
    else spans.push({ first, last: i });
  }
  return spans.map(({ first: from, last }) =>
    fleetAnomaly(
      sorted.slice(from, last + 1).map(({ record }) => record),
      fleetMachines,
    ),
  );
}

function fleetAnomaly(members: readonly AnomalyRecord[], fleetMachines: number): FleetAnomaly {
  const machines = [...new Set(members.map(({ machine }) => machine))].sort();
  const aggregators = [...new Set(members.map(({ aggregator }) => aggregator))].sort();
  const start = members[0].start;
  const endMs = members.reduce((latest, { end }) => Math.max(latest, Date.parse(end)), 0);
  const kind = mostFrequent(members.map((record) => record.kind));
  const direction = mostFrequent(members.map((record) => record.direction));
  // A drop says itself which way it goes; a stall and a silence go nowhere.
  const way = ["spike", "level_shift", "drift"].includes(kind) && direction !== "none" ? ` ${direction}` : "";
  const share = machines.length / fleetMachines;
  const alike = members.filter((record) => record.kind === kind).length;
  return {
    schema: "anomaly-fleet/1",
    id: createHash("sha256").update(`fleet ${start} ${kind}`).digest("hex").slice(0, 16),
    kind: "fleet",
    member_kind: kind,
    direction,
    severity: SEVERITY_ORDER[members.reduce((worst, one) => Math.max(worst, SEVERITY_ORDER.indexOf(one.severity)), 0)],
    score: members.reduce((highest, { score }) => Math.max(highest, score), 0),
    start,
    end: formatUtc(endMs),
    status: members.some(({ status }) => status === "open") ? "open" : "closed",
    machines,
    machine_share: Number(share.toPrecision(4)),
    aggregators,
    members: members.map(({ id }) => id),
    reasons: [
      `${machines.length} of ${fleetMachines} machines (${Math.round(100 * share)} %) at once`,
      `${alike} of ${members.length} episodes are a ${kind.replace("_", " ")}${way}`,
    ],
  };
}

/** The value that occurs most; the first of equals. */
function mostFrequent<T>(values: readonly T[]): T {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
}
