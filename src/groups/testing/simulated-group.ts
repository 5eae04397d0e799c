import { seededRandom } from "../../math/random.js";
import type { MemberSlots } from "../group-scorer.js";

export const STEP_MS = 300_000;
export const DAY_SLOTS = 288;

/** What a slot of one member is instead of quiet. */
export interface Change {
  readonly value?: number;
  readonly score?: number;
}

/** A standard normal number (Box, Muller 1958). */
export function normalOf(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/**
 * A group whose values follow one load that swings over the day, each with noise of its own, and whose scores are small and independent.
 *
 * @param change what is different; by slot and member. A change of NaN is a missing one.
 */
export function simulatedGroup(
  { members, slots, seed = 1 }: { readonly members: number; readonly slots: number; readonly seed?: number },
  change: (slot: number, member: number, quiet: Required<Change>) => Change | undefined = () => undefined,
): readonly MemberSlots[] {
  const normal = normalOf(seededRandom(seed));
  const keys = Array.from({ length: members }, (_, m) => `metric=m${String(m).padStart(2, "0")}`);
  let drift = 0;
  return Array.from({ length: slots }, (_, slot) => {
    drift = 0.95 * drift + 0.3 * normal();
    const load = Math.sin((2 * Math.PI * slot) / DAY_SLOTS) + drift;
    const quiet = keys.map((_, m) => ({
      value: 100 * m + load + 0.1 * normal(),
      score: Math.min(0.9, 0.3 * Math.abs(normal())),
    }));
    const all = quiet.map((one, m) => ({ ...one, ...change(slot, m, one) }));
    return {
      keys,
      values: Float64Array.from(all, ({ value }) => value),
      scores: Float64Array.from(all, ({ score }) => score),
    };
  });
}
