import { expect, test } from "vitest";
import { overRepresented } from "./groups.js";

const fleet = Array.from({ length: 120 }, (_, i) => ({
  machine: `n${i % 10}`,
  aggregator: i % 10 === 3 ? "probe_counts" : `other_${i % 7}`,
  site: "one",
}));
const probes = fleet.flatMap(({ aggregator }, i) => (aggregator === "probe_counts" ? [i] : []));

test("all twelve with one aggregator are named, and what all series have is not", () => {
  const [first, ...others] = overRepresented(fleet, probes);
  expect(first).toMatchObject({ label: "aggregator", value: "probe_counts", moved: 12, all: 12 });
  expect(others.map(({ label }) => label)).not.toContain("site");
});

test("of labels with the same series only one is named", () => {
  const named = overRepresented(fleet, probes).map(({ label, value }) => `${label}=${value}`);
  expect(named).toEqual(["aggregator=probe_counts"]);
});

test("what moved at random has nothing in common", () => {
  expect(overRepresented(fleet, [1, 14, 27, 35, 48, 52, 66, 79, 83, 90])).toEqual([]);
  expect(overRepresented(fleet, [])).toEqual([]);
});
