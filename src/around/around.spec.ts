import { describe, expect, test } from "vitest";
import { DEFAULT_CASCADE, simulateCascade } from "../simulate/cascade.js";
import { firstMovers, TOGETHER, whatMoved } from "./around.js";
import type { Stretches } from "./stretches.js";

const SMALL = { ...DEFAULT_CASCADE, series: 1000, followers: 40, unrelatedShare: 0.001 };
const frameOf = ({ window, leadMs }: ReturnType<typeof simulateCascade>) => ({ window, leadMs });

describe("a cascade among a thousand series of many kinds", () => {
  const cascade = simulateCascade({ ...SMALL, seed: 2 });
  const around = whatMoved(cascade.series, frameOf(cascade));
  const movers = new Set([cascade.cause, ...cascade.followers]);
  const together = around.movers.filter((mover) => mover.together >= TOGETHER);

  test("is found: at least eight of ten movers, with at most one in ten false", () => {
    const right = together.filter(({ index }) => movers.has(index)).length;
    expect(right / movers.size).toBeGreaterThanOrEqual(0.8);
    expect(1 - right / together.length).toBeLessThanOrEqual(0.1);
  });

  test("has its cause among the first three", () => {
    expect(firstMovers(around, 3).map(({ index }) => index)).toContain(cascade.cause);
  });

  test("names the service that most of it is in", () => {
    const { service } = cascade.series[cascade.cause].labels;
    expect(around.groups[0]).toMatchObject({ label: "service", value: service });
  });

  test("is in the order of onset, and each onset within a few minutes of the truth", () => {
    const times = around.movers.map(({ onsetMs }) => onsetMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const late = together.flatMap(({ index, onsetMs }) => {
      const change = cascade.changes.get(index);
      return change === undefined ? [] : [Math.abs((onsetMs - cascade.window.startMs) / 60_000 - change.slot)];
    });
    expect(late.toSorted((a, b) => a - b)[Math.floor(late.length / 2)]).toBeLessThanOrEqual(2);
  });

  test("is the same again, and whatever the order of the series", () => {
    expect(whatMoved(cascade.series, frameOf(cascade))).toEqual(around);
    const turned = whatMoved(cascade.series.toReversed(), frameOf(cascade));
    const names = (of: typeof around, series: readonly Stretches[]) =>
      of.movers.map(({ index }) => series[index].name).sort();
    expect(names(turned, cascade.series.toReversed())).toEqual(names(around, cascade.series));
  });
});

describe("without a cascade", () => {
  test("of ten fleets with no incident at all, few list anything", () => {
    let listed = 0;
    for (let seed = 1; seed <= 10; seed++) {
      const quiet = simulateCascade({ ...SMALL, series: 400, followers: 0, unrelatedShare: 0, seed });
      listed += whatMoved(quiet.series, frameOf(quiet)).movers.filter(({ index }) => index !== quiet.cause).length;
    }
    expect(listed).toBeLessThanOrEqual(10);
  });
});

describe("series that others would trip over", () => {
  const stepMs = 60_000;
  const window = { startMs: Date.UTC(2025, 6, 2, 12), endMs: Date.UTC(2025, 6, 2, 14) };
  const frame = { window, leadMs: 4 * 3_600_000 };
  const one = (aggregator: string, days: readonly Float64Array[]): Stretches => ({
    name: aggregator,
    labels: { machine: "m", aggregator },
    stepMs,
    days,
  });
  const eight = (of: (day: number) => Float64Array) => Array.from({ length: 8 }, (_, day) => of(day));
  const flat = (value: number) => new Float64Array(360).fill(value);

  test.each([
    ["all missing", eight(() => flat(Number.NaN))],
    ["constant", eight(() => flat(3))],
    ["zero", eight(() => flat(0))],
    ["huge", eight(() => flat(1e300))],
    ["one point a day", eight(() => flat(Number.NaN).fill(1, 100, 101))],
  ])("%s: nothing moves", (_, days) => {
    expect(whatMoved([one("a", days)], frame).movers).toEqual([]);
  });

  test("none at all", () => {
    expect(whatMoved([], frame)).toMatchObject({ movers: [], groups: [], stayed: [], compared: 0 });
  });

  test("one that has no earlier days is not compared, and said so", () => {
    const days = eight((day) => (day === 0 ? flat(1) : flat(Number.NaN)));
    expect(whatMoved([one("new", days)], frame)).toMatchObject({ compared: 0, withoutReference: [0] });
  });

  test("a series that falls silent among constant ones is listed as silent, from its last value on", () => {
    const others = Array.from({ length: 300 }, (_, i) =>
      one(
        `c${i}`,
        eight(() => flat(i)),
      ),
    );
    const silent = one(
      "silent",
      eight((day) => (day === 0 ? flat(5).fill(Number.NaN, 300) : flat(5))),
    );
    const { movers } = whatMoved([...others, silent], frame);
    expect(movers).toHaveLength(1);
    expect(movers[0]).toMatchObject({ index: 300, direction: "silent", onsetMs: window.startMs + 60 * stepMs });
  });
});
