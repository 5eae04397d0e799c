/** A window by the clock that holds a least number of slots, because a median of two is none. */
export interface Window {
  readonly ms: number;
  readonly leastSlots: number;
}

/** How many slots of a step a window holds. */
export function slotsOfWindow({ ms, leastSlots }: Window, stepMs: number): number {
  return Math.max(leastSlots, Math.round(ms / stepMs));
}
