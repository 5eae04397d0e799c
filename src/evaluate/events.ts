/** A labelled event: slots `first … last`, both included. */
export interface LabelledEvent {
  readonly first: number;
  readonly last: number;
}

/**
 * The runs of labelled slots from slot `from` on; what lies before does not count, so that an event across it begins there.
 *
 * @example labelledEvents(Uint8Array.of(0, 1, 1, 0, 1)) // [{ first: 1, last: 2 }, { first: 4, last: 4 }]
 */
export function labelledEvents(label: Uint8Array, from = 0): LabelledEvent[] {
  const events: LabelledEvent[] = [];
  let first = -1;
  for (let i = from; i <= label.length; i++) {
    const inside = i < label.length && label[i] > 0;
    if (inside && first < 0) first = i;
    if (!inside && first >= 0) {
      events.push({ first, last: i - 1 });
      first = -1;
    }
  }
  return events;
}
