import { expect, test } from "vitest";
import type { MemberSlots } from "./group-scorer.js";
import { GroupWatch } from "./group-watch.js";
import { DAY_SLOTS, STEP_MS, simulatedGroup } from "./testing/simulated-group.js";

const [FIRST, LAST] = [15 * DAY_SLOTS + 30, 15 * DAY_SLOTS + 90];
const SIZE = { members: 8, slots: 17 * DAY_SLOTS };
/** Half of the members are in a maintenance, and wild in it. */
const isOut = (slot: number, member: number) => slot >= FIRST && slot < LAST && member % 2 === 0;
const quiet = simulatedGroup(SIZE);
const wild = simulatedGroup(SIZE, (slot, m) => (isOut(slot, m) ? { value: 9000 + 50 * m, score: 6 } : undefined));
const marked = (slots: readonly MemberSlots[]) =>
  slots.map((one, slot) => ({ ...one, leftOut: Uint8Array.from(one.keys, (_, m) => (isOut(slot, m) ? 1 : 0)) }));

function scoresOf(slots: readonly MemberSlots[], watch = new GroupWatch(STEP_MS, 0), from = 0): number[] {
  return slots.slice(from).map((one, i) => {
    watch.push((from + i) * STEP_MS, one);
    return watch.score;
  });
}

test("of members that are left out it learns nothing, and says what it would say without that", () => {
  const left = scoresOf(marked(wild));
  const learned = scoresOf(wild);
  expect(left.slice(0, LAST)).toEqual(learned.slice(0, LAST));
  // What members said counts for ten minutes.
  const after = LAST + Math.ceil(600_000 / STEP_MS);
  expect(left.slice(after)).toEqual(scoresOf(marked(quiet)).slice(after));
  expect(left.slice(after)).not.toEqual(learned.slice(after));
});

test("from a state within the maintenance it continues to the last bit", () => {
  const slots = marked(wild);
  const whole = scoresOf(slots);
  for (const cut of [FIRST, FIRST + 1, FIRST + 20, LAST, LAST + 1]) {
    const before = new GroupWatch(STEP_MS, 0);
    scoresOf(slots.slice(0, cut), before);
    const after = new GroupWatch(STEP_MS, 0);
    after.restore(before.save());
    expect(after.episodes).toEqual(before.episodes);
    expect(scoresOf(slots, after, cut)).toEqual(whole.slice(cut));
  }
});

test("a state that is none of this release is refused", () => {
  const json = new TextEncoder().encode("[]");
  const old = new Uint8Array(4 + json.length);
  new DataView(old.buffer).setUint32(0, json.length);
  old.set(json, 4);
  expect(() => new GroupWatch(STEP_MS, 0).restore(old)).toThrow(RangeError);
});
