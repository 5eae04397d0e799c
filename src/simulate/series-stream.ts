import { normal, seededRandom } from "../math/random.js";
import { type FleetPlan, mixSeed } from "./fleet-plan.js";
import type { PlannedIncident } from "./incident.js";

/** Autocorrelation from slot to slot, and the size of the new noise as a share of the level. */
const NOISE_MEMORY = 0.8;
const NOISE_SHARE = 0.05;
/** Gaps of 1–3 slots (2 on average) begin in 0.25 % of the slots: 0.5 % of all slots are missing. */
const GAP_CHANCE = 0.0025;
const GAP_SLOTS = 3;
/** One slot in 2,000 is 30–80 % above its neighbours for no reason: 3 a month at a step of 20 minutes. */
const SPIKE_CHANCE = 0.0005;

/**
 * The values of one series, slot after slot: each call takes the family's shape at the next slot and returns its
 * value (NaN in a gap), rounded to 6 digits and never negative.
 *
 * The ordinary part draws the same numbers whether there are incidents or not, so that outside its incidents a series
 * is the one it would have been without them.
 */
export function seriesStream(
  plan: FleetPlan,
  machineIndex: number,
  aggregatorIndex: number,
): (shape: number) => number {
  const random = seededRandom(mixSeed(plan.options.seed, 3, machineIndex, aggregatorIndex));
  const level = plan.levels[machineIndex];
  const amplitude = plan.amplitudes[machineIndex];
  const incidents = plan.incidents.filter(
    (incident) => incident.machineIndex === machineIndex && incident.aggregatorIndex === aggregatorIndex,
  );
  let noise = normal(random) / Math.sqrt(1 - NOISE_MEMORY * NOISE_MEMORY);
  let gapLeft = 0;
  let slot = -1;
  let next = 0;
  let last = round6(level);

  return (shape) => {
    slot++;
    noise = NOISE_MEMORY * noise + normal(random);
    const gapDraw = random();
    const gapLength = 1 + Math.floor(random() * GAP_SLOTS);
    const spikeDraw = random();
    const spikeHeight = 1.3 + 0.5 * random();
    if (gapLeft > 0) gapLeft--;
    else if (gapDraw < GAP_CHANCE) gapLeft = gapLength;
    const usual = Math.max(0, level + 0.5 * amplitude * shape + NOISE_SHARE * level * noise);

    while (next < incidents.length && slot >= incidents[next].endSlot) next++;
    const incident = next < incidents.length && slot >= incidents[next].startSlot ? incidents[next] : undefined;
    if (incident !== undefined) {
      const value = withIncident(incident, slot, usual, level, last);
      if (value === value) last = value;
      return value;
    }
    if (gapLeft > 0) return Number.NaN;
    last = round6(spikeDraw < SPIKE_CHANCE ? usual * spikeHeight : usual);
    return last;
  };
}

/** Inside an incident there are no ordinary gaps and spikes: its label says all that is odd there. */
function withIncident(incident: PlannedIncident, slot: number, usual: number, level: number, last: number): number {
  switch (incident.kind) {
    case "spike":
      return round6(usual + incident.size * level);
    case "level_shift":
      return round6(incident.size < 0 ? usual * (1 + incident.size) : usual + incident.size * level);
    case "drift": {
      const grown = (slot - incident.startSlot + 1) / (incident.endSlot - incident.startSlot);
      return round6(usual + incident.size * level * grown);
    }
    case "stall":
      return last;
    case "drop":
      return 0;
    case "silence":
      return Number.NaN;
  }
}

function round6(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
