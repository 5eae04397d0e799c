import { UsageError } from "../errors/errors.js";
import { HOUR_MS } from "../time/duration.js";
import { INCIDENT_KINDS, type IncidentKind, type PlannedIncident } from "./incident.js";

/** Where incidents may lie: the live part of every series. */
export interface Stage {
  readonly machines: readonly string[];
  readonly aggregators: readonly string[];
  readonly startMs: number;
  readonly stepMs: number;
  /** First slot of the live part and the slot after its last, counted from `startMs`. */
  readonly liveSlot: number;
  readonly endSlot: number;
}

interface KindShape {
  /** Slots from and to, both included. Each is longer than ordinary behaviour of its sort (see `series-stream.ts`). */
  readonly slots: readonly [number, number];
  /** Size from and to, in levels of the machine. */
  readonly size: readonly [number, number];
}

const KIND_SHAPES: Readonly<Record<IncidentKind, KindShape>> = {
  // An ordinary spike is one slot of at most 0.8 levels.
  spike: { slots: [1, 4], size: [2, 4] },
  level_shift: { slots: [18, 36], size: [0.9, 1.6] },
  drift: { slots: [24, 48], size: [1.5, 2.5] },
  // Nine equal values of six digits do not happen by chance in noise of 5 % of the level.
  stall: { slots: [9, 24], size: [0, 0] },
  drop: { slots: [4, 12], size: [0, 0] },
  // An ordinary gap has at most three slots.
  silence: { slots: [6, 18], size: [0, 0] },
};

/** One level shift in three goes down: to less than half, which the daily trough does not reach. */
const DOWN_SHARE = 1 / 3;
const DOWN_SIZE = -0.6;

/** No incident begins in the first hours of the live part, so that its ordinary values are seen first. */
export const QUIET_MS = 6 * HOUR_MS;
/** Slots between two incidents of one series, so that the first has plainly ended. */
export const APART_SLOTS = 18;

/**
 * Draws `perKind` incidents of each kind into the live part: no two overlap in one series, none in the first hours.
 *
 * @throws UsageError where the live part has no room for that many.
 */
export function placeIncidents(stage: Stage, perKind: number, random: () => number): PlannedIncident[] {
  const placed: PlannedIncident[] = [];
  const first = stage.liveSlot + Math.ceil(QUIET_MS / stage.stepMs);
  const between = (from: number, to: number) => from + random() * (to - from);
  for (let round = 0; round < perKind; round++) {
    for (const kind of INCIDENT_KINDS) placed.push(placeOne(kind));
  }
  return placed.sort(
    (a, b) => a.startSlot - b.startSlot || a.aggregatorIndex - b.aggregatorIndex || a.machineIndex - b.machineIndex,
  );

  function placeOne(kind: IncidentKind): PlannedIncident {
    const { slots, size } = KIND_SHAPES[kind];
    // 1,000 draws miss a place that exists in 1 % of the draws with a chance of 4e-5.
    for (let attempt = 0; attempt < 1000; attempt++) {
      const length = slots[0] + Math.floor(random() * (slots[1] - slots[0] + 1));
      const machineIndex = Math.floor(random() * stage.machines.length);
      const aggregatorIndex = Math.floor(random() * stage.aggregators.length);
      const startSlot = first + Math.floor(random() * Math.max(1, stage.endSlot - length - first + 1));
      const endSlot = startSlot + length;
      const down = kind === "level_shift" && random() < DOWN_SHARE;
      const height = down ? DOWN_SIZE : between(...size);
      if (endSlot > stage.endSlot) continue;
      const taken = placed.some(
        (other) =>
          other.machineIndex === machineIndex &&
          other.aggregatorIndex === aggregatorIndex &&
          startSlot < other.endSlot + APART_SLOTS &&
          other.startSlot < endSlot + APART_SLOTS,
      );
      if (taken) continue;
      return {
        machine: stage.machines[machineIndex],
        aggregator: stage.aggregators[aggregatorIndex],
        kind,
        startMs: stage.startMs + startSlot * stage.stepMs,
        endMs: stage.startMs + endSlot * stage.stepMs,
        machineIndex,
        aggregatorIndex,
        startSlot,
        endSlot,
        size: height,
      };
    }
    throw new UsageError(
      "fleet",
      `there is no room for ${perKind} incidents of each kind in ${stage.machines.length * stage.aggregators.length} ` +
        "series; take fewer incidents, more machines or more live days",
    );
  }
}
