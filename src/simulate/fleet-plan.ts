import { normal, seededRandom } from "../math/random.js";
import { DAY_MS } from "../time/duration.js";
import { checkTimezone } from "../time/timezone.js";
import type { PlannedIncident } from "./incident.js";
import { aggregatorNames, checkFleetOptions, type FleetOptions, machineNames } from "./options.js";
import { placeIncidents } from "./place-incidents.js";

/** Everything about a fleet but its values; those follow from it one slot after another. */
export interface FleetPlan {
  readonly options: FleetOptions;
  readonly machines: readonly string[];
  readonly aggregators: readonly string[];
  /** A machine's usual value, and the height of its daily wave; by machine. */
  readonly levels: readonly number[];
  readonly amplitudes: readonly number[];
  readonly historySlots: number;
  readonly liveSlots: number;
  readonly incidents: readonly PlannedIncident[];
}

/** Median and spread of the machines' levels: ratios around 0.04, most between 0.02 and 0.08. */
const LOG_LEVEL = -3.2;
const LOG_LEVEL_SPREAD = 0.35;

/**
 * Settles names, machine levels and incidents. Cheap, whatever the length of the history.
 *
 * @throws UsageError for options that cannot make a fleet.
 */
export function planFleet(options: FleetOptions): FleetPlan {
  checkFleetOptions(options);
  if (options.timezone !== undefined) checkTimezone(options.timezone);
  const machines = machineNames(options.machines);
  const aggregators = aggregatorNames(options.aggregators);
  const historySlots = (options.historyDays * DAY_MS) / options.stepMs;
  const liveSlots = (options.liveDays * DAY_MS) / options.stepMs;
  const levels: number[] = [];
  const amplitudes: number[] = [];
  for (let m = 0; m < machines.length; m++) {
    const random = seededRandom(mixSeed(options.seed, 1, m, 0));
    levels.push(Math.exp(LOG_LEVEL + LOG_LEVEL_SPREAD * normal(random)));
    amplitudes.push(levels[m] * (0.2 + 0.4 * random()));
  }
  const incidents = placeIncidents(
    {
      machines,
      aggregators,
      startMs: options.startMs,
      stepMs: options.stepMs,
      liveSlot: historySlots,
      endSlot: historySlots + liveSlots,
    },
    options.incidentsPerKind,
    seededRandom(mixSeed(options.seed, 2, 0, 0)),
  );
  return { options, machines, aggregators, levels, amplitudes, historySlots, liveSlots, incidents };
}

/**
 * One 32-bit seed from several numbers, so that every series has a stream of its own: adding a machine or an incident
 * changes no other series. Mixing: the finaliser of MurmurHash3 (Appleby, public domain).
 */
export function mixSeed(seed: number, purpose: number, machine: number, aggregator: number): number {
  let hash = seed >>> 0;
  for (const part of [purpose, machine, aggregator]) {
    hash = Math.imul(hash ^ part, 0x9e3779b1) | 0;
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash >>> 0;
}
