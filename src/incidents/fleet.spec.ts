import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findFleetAnomalies, machinesNeeded } from "./fleet.js";
import { at } from "./testing/record-at.js";

const many = (count: number, minute: (i: number) => number, first = 0) =>
  Array.from({ length: count }, (_, i) => at(minute(i), `n${first + i}`));

describe("how many machines make a fleet anomaly", () => {
  test.each([
    [100, {}, 20],
    [60, {}, 12],
    [1000, {}, 20],
    [5, {}, 3],
    [0, {}, 3],
    [1000, { minMachines: 50, minShare: 0.5 }, 50],
    [10, { minShare: 0.8 }, 8],
  ])("of %i machines with %j: %i", (fleet, options, needed) => {
    expect(machinesNeeded(fleet, options)).toBe(needed);
  });
});

describe("fleet anomalies", () => {
  test("twenty machines of a hundred within half an hour are one meta record with its members", () => {
    const records = [...many(20, (i) => i), at(2000, "n99")];
    const found = findFleetAnomalies(records, { fleetMachines: 100 });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      kind: "fleet",
      member_kind: "drop",
      direction: "down",
      start: "2025-07-01T00:00:00Z",
      end: "2025-07-01T00:49:00Z",
      machine_share: 0.2,
      reasons: ["20 of 100 machines (20 %) at once", "20 of 20 episodes are a drop"],
    });
    expect(found[0].members).toHaveLength(20);
    expect(found[0].members).not.toContain("n99-2000");
  });

  test("nineteen of a hundred are not, nor twenty episodes of three machines, nor twenty over a day", () => {
    const few = { fleetMachines: 100 };
    expect(
      findFleetAnomalies(
        many(19, () => 0),
        few,
      ),
    ).toEqual([]);
    expect(
      findFleetAnomalies(
        Array.from({ length: 20 }, (_, i) => at(i, `n${i % 3}`)),
        few,
      ),
    ).toEqual([]);
    expect(
      findFleetAnomalies(
        many(20, (i) => 72 * i),
        few,
      ),
    ).toEqual([]);
    expect(findFleetAnomalies([], few)).toEqual([]);
  });

  test("takes the worst severity and score, and is open while one member is", () => {
    const records = many(3, () => 0);
    records[1] = { ...records[1], severity: "critical", score: 9, status: "open" };
    expect(findFleetAnomalies(records)).toMatchObject([{ severity: "critical", score: 9, status: "open" }]);
  });

  test("two incidents of one day are two, and a wave that rolls on is one", () => {
    const two = [...many(3, () => 0), ...many(3, () => 600)];
    expect(findFleetAnomalies(two)).toHaveLength(2);
    const wave = many(30, (i) => 5 * i);
    expect(findFleetAnomalies(wave, { fleetMachines: 15, minShare: 0.2 })).toHaveLength(1);
  });

  test("is what counting the machines in every window gives, in any order of the records", () => {
    const records = fc.array(fc.tuple(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 0, max: 12 })), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(records, (pairs) => {
        const all = pairs.map(([minute, machine], i) => at(minute, `n${machine}`, { id: String(i) }));
        const found = findFleetAnomalies(all, { minMachines: 4, fleetMachines: 100 });
        const inFound = new Set(found.flatMap(({ members }) => members));
        // Slow and obvious: a record is a member if it lies in any window of half an hour with four machines.
        const member = (minute: number) =>
          pairs.some(([from]) => {
            const window = pairs.filter(([m]) => m >= from && m <= from + 30);
            return minute >= from && minute <= from + 30 && new Set(window.map(([, machine]) => machine)).size >= 4;
          });
        pairs.forEach(([minute], i) => {
          expect(inFound.has(String(i)), `record at ${minute}`).toBe(member(minute));
        });
        expect(findFleetAnomalies(all.toReversed(), { minMachines: 4, fleetMachines: 100 })).toEqual(found);
        expect(inFound.size).toBe(found.reduce((sum, { members }) => sum + members.length, 0));
      }),
    );
  });
});
