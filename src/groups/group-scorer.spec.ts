import { expect, test } from "vitest";
import { GroupScorer, type MemberSlots } from "./group-scorer.js";
import { GROUP_HISTORY_MS } from "./limits.js";
import { type Change, DAY_SLOTS, STEP_MS, simulatedGroup } from "./testing/simulated-group.js";

const DAYS = 16;
const EVENT = DAYS * DAY_SLOTS;
const SIZE = { members: 12, slots: EVENT + 12 };

function scoresOf(slots: readonly MemberSlots[], scorer = new GroupScorer(STEP_MS), from = 0): number[] {
  return slots.map((one, i) => scorer.push((from + i) * STEP_MS, one));
}

const afterEvent = (slots: readonly MemberSlots[]) => Math.max(...scoresOf(slots).slice(EVENT));
/** Score by slot since the event; what is not in it is quiet. */
const inEvent = (change: (member: number) => Change | undefined) => (slot: number, member: number) =>
  slot >= EVENT && slot < EVENT + 6 ? change(member) : undefined;

test("a quiet group does not alarm", () => {
  expect(Math.max(...scoresOf(simulatedGroup(SIZE)).slice(DAY_SLOTS))).toBeLessThan(1);
});

test("a joint small deviation alarms where none of the members does", () => {
  const slots = simulatedGroup(
    SIZE,
    inEvent(() => ({ score: 0.85 })),
  );
  expect(Math.max(...slots.flatMap(({ scores }) => [...scores]))).toBeLessThan(1);
  expect(afterEvent(slots)).toBeGreaterThan(1);
});

test("one member that is far off is no anomaly of the group, five of twelve are", () => {
  expect(
    afterEvent(
      simulatedGroup(
        SIZE,
        inEvent((m) => (m < 1 ? { score: 4 } : undefined)),
      ),
    ),
  ).toBeLessThan(1);
  expect(
    afterEvent(
      simulatedGroup(
        SIZE,
        inEvent((m) => (m < 5 ? { score: 2 } : undefined)),
      ),
    ),
  ).toBeGreaterThan(1);
});

test("a fleet-wide swing that is normal together does not alarm, and does where it has never been", () => {
  // Twice a day at times that no clock knows, for half an hour; each swing has a size of its own.
  const starts = Array.from({ length: 2 * DAYS }, (_, i) => i * (DAY_SLOTS / 2) + ((i * 37) % 100));
  const swing = (slot: number) => {
    const i = starts.findIndex((start) => slot >= start && slot < start + 6);
    return i < 0 ? undefined : { score: 1.3 + ((i * 29) % 10) / 10 };
  };
  const usual = inEvent(() => ({ score: 1.6 }));
  expect(afterEvent(simulatedGroup(SIZE, (slot, m) => swing(slot) ?? usual(slot, m)))).toBeLessThan(1);
  expect(afterEvent(simulatedGroup(SIZE, usual))).toBeGreaterThan(1);
});

test("values that usually go together alarm when they come apart, each of them being where it often is", () => {
  const turned = (slot: number, m: number, { value }: Required<Change>) =>
    slot >= EVENT && slot < EVENT + 6 && m % 2 === 0 ? { value: 200 * m + 1.5 - value } : undefined;
  const slots = simulatedGroup(SIZE, turned);
  const scorer = new GroupScorer(STEP_MS);
  let rule: string | undefined;
  for (const [i, one] of slots.entries()) if (scorer.push(i * STEP_MS, one) >= 1) rule ??= scorer.explain().rule;
  expect(rule).toBe("relations");
});

test("what is pushed later changes no score", () => {
  const quiet = simulatedGroup(SIZE);
  const wild = simulatedGroup(
    SIZE,
    inEvent(() => ({ score: 9, value: -1e9 })),
  );
  expect(scoresOf(wild).slice(0, EVENT)).toEqual(scoresOf(quiet).slice(0, EVENT));
});

/** Members come and go, values are missing, one is silent for good. */
const restless = (slot: number, m: number): Change | undefined => {
  if (m === 0 && slot < 9 * DAY_SLOTS) return { value: Number.NaN, score: Number.NaN };
  if (m === 1 && slot > 5 * DAY_SLOTS) return { value: Number.NaN, score: Number.NaN };
  if (m === 2 && slot > 12 * DAY_SLOTS) return { value: Number.NaN, score: 3 };
  return (slot * 7 + m * 13) % 50 === 0 ? { value: Number.NaN } : undefined;
};

test("a restored scorer continues to the last bit, wherever it was saved", () => {
  const slots = simulatedGroup(SIZE, restless);
  const whole = scoresOf(slots);
  for (const cut of [1, 700, 9 * DAY_SLOTS - 1, 9 * DAY_SLOTS, EVENT - 1]) {
    const before = new GroupScorer(STEP_MS);
    scoresOf(slots.slice(0, cut), before);
    const after = new GroupScorer(STEP_MS);
    after.restore(before.save());
    expect(scoresOf(slots.slice(cut), after, cut), `cut at ${cut}`).toEqual(whole.slice(cut));
  }
});

test("after its history a scorer says what one says that began earlier", () => {
  const days = 8 + GROUP_HISTORY_MS / (DAY_SLOTS * STEP_MS);
  const slots = simulatedGroup({ members: 6, slots: days * DAY_SLOTS + 50 }, restless);
  const from = 8 * DAY_SLOTS - 40;
  const late = scoresOf(slots.slice(from), new GroupScorer(STEP_MS), from);
  expect(late.slice(-90)).toEqual(scoresOf(slots).slice(-90));
});

test("the order and the array of the keys do not matter, nor whether a member that is not there is named", () => {
  const slots = simulatedGroup(SIZE, restless);
  const bare = slots.map(({ keys, values, scores }) => {
    const there = keys.map((_, i) => i).filter((i) => values[i] === values[i] || scores[i] === scores[i]);
    return {
      keys: there.map((i) => keys[i]),
      values: Float64Array.from(there, (i) => values[i]),
      scores: Float64Array.from(there, (i) => scores[i]),
    };
  });
  expect(scoresOf(bare)).toEqual(scoresOf(slots));
});

test.each([
  ["no member", 0],
  ["one member", 1],
])("%s is no group: it has no score", (_, members) => {
  expect(scoresOf(simulatedGroup({ members, slots: 20 })).every(Number.isNaN)).toBe(true);
});

test("a slot in which no member has a score has none", () => {
  const slots = simulatedGroup({ members: 3, slots: 20 }, (slot) => (slot === 10 ? { score: Number.NaN } : undefined));
  expect(scoresOf(slots).map(Number.isNaN)).toEqual(slots.map((_, i) => i === 10));
});

test("constant values have no relation and break none", () => {
  const slots = simulatedGroup({ members: 4, slots: EVENT }, (_, m) => (m < 2 ? { value: 1e9 } : undefined));
  expect(Math.max(...scoresOf(slots).slice(DAY_SLOTS))).toBeLessThan(1);
});

test("a state of another step is refused", () => {
  const scorer = new GroupScorer(STEP_MS);
  scoresOf(simulatedGroup({ members: 3, slots: 20 }), scorer);
  expect(() => new GroupScorer(60_000).restore(scorer.save())).toThrow(/state of the group has \d+ bytes, not \d+/);
});
