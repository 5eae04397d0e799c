import { expect, test } from "vitest";
import type { AnomalyRecord } from "../records/record.js";
import { findIncidents } from "./incidents.js";
import { findMachineIncidents } from "./machine.js";
import { at } from "./testing/record-at.js";

const series = (machine: string, n: number, minute: number, part: Partial<AnomalyRecord> = {}) =>
  Array.from({ length: n }, (_, i) =>
    at(minute, machine, {
      id: `${machine}-${minute}-${i}`,
      labels: { machine, aggregator: "a", i: `${i}` },
      step_s: 60,
      ...part,
    }),
  );
const silent = { kind: "silence", direction: "none", severity: "critical", status: "open" } as const;

test("a stopped exporter is one incident with all of its silences", () => {
  const records = [...series("web1", 15, 0, silent), ...series("web2", 1, 0, silent)];
  const found = findMachineIncidents(records);
  expect(found).toMatchObject([
    { machine: "web1", series: 15, words: "15 series silent", severity: "critical", status: "open" },
  ]);
  expect(found[0].members).toEqual(
    records
      .slice(0, 15)
      .map(({ id }) => id)
      .sort(),
  );
});

test("kinds are counted where they differ", () => {
  const up = { kind: "level_shift", direction: "up" } as const;
  expect(findMachineIncidents(series("a", 3, 0, up))[0].words).toBe("3 series: level shift up");
  expect(findMachineIncidents([...series("a", 3, 0, up), ...series("a", 2, 4)])[0]).toMatchObject({ series: 3 });
  const five = [...series("a", 3, 0, up), ...series("a", 5, 1).slice(3)];
  expect(findMachineIncidents(five)[0].words).toBe("5 series: 3 level shift up, 2 drop");
});

test("two series, three over an hour and three episodes of one series are none", () => {
  expect(findMachineIncidents(series("a", 2, 0))).toEqual([]);
  expect(findMachineIncidents([0, 30, 60].flatMap((minute, i) => series("a", 3, minute).slice(i, i + 1)))).toEqual([]);
  expect(findMachineIncidents([0, 1, 2].flatMap((minute) => series("a", 1, minute)))).toEqual([]);
});

test("coarse series begin together within a slot", () => {
  const coarse = [0, 20].flatMap((minute, i) => series("a", 4, minute, { step_s: 1200 }).slice(2 * i, 2 * i + 2));
  expect(findMachineIncidents(coarse)).toHaveLength(1);
});

test("what a fleet anomaly covers is no machine's incident as well", () => {
  const records = ["a", "b", "c"].flatMap((machine) => series(machine, 4, 0, silent));
  const { fleet, machines } = findIncidents(records);
  expect(fleet).toHaveLength(1);
  expect(machines).toEqual([]);
});
