import { describe, expect, test } from "vitest";
import { UsageError } from "../errors/errors.js";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../time/duration.js";
import { dailyShape } from "./daily-shape.js";
import { planFleet } from "./fleet-plan.js";
import { INCIDENT_KINDS, type IncidentKind } from "./incident.js";
import { DEFAULT_FLEET, type FleetOptions } from "./options.js";
import { APART_SLOTS, QUIET_MS } from "./place-incidents.js";
import { simulateFleet } from "./simulate.js";

const SMALL: FleetOptions = { ...DEFAULT_FLEET, machines: 4, historyDays: 28, liveDays: 4, incidentsPerKind: 3 };
const fleet = simulateFleet(SMALL);
const valid = (values: Float64Array) => [...values].filter((value) => !Number.isNaN(value));
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

function runsOfNaN(values: Float64Array): number[] {
  const runs: number[] = [];
  let run = 0;
  for (const value of [...values, 0]) {
    if (Number.isNaN(value)) run++;
    else if (run > 0) {
      runs.push(run);
      run = 0;
    }
  }
  return runs;
}

describe("a generated fleet", () => {
  test("is the same for the same options and another for another seed", () => {
    expect(simulateFleet(SMALL)).toEqual(fleet);
    expect(simulateFleet({ ...SMALL, seed: 8 }).history[0].values).not.toEqual(fleet.history[0].values);
  });

  test("has a history and a live series for every machine and aggregator, one after the other", () => {
    expect(fleet.history).toHaveLength(24);
    expect(fleet.live.map((series) => series.labels)).toEqual(fleet.history.map((series) => series.labels));
    expect(fleet.history[0].labels).toEqual({ machine: "n200-primary-example-com", aggregator: "visit_length_hour" });
    expect(fleet.history[0].values).toHaveLength((28 * DAY_MS) / SMALL.stepMs);
    expect(fleet.live[0].startMs).toBe(SMALL.startMs + 28 * DAY_MS);
    expect(fleet.live[0].values).toHaveLength((4 * DAY_MS) / SMALL.stepMs);
  });

  test("holds ratios of at least 0 with 6 digits", () => {
    for (const series of [...fleet.history, ...fleet.live]) {
      for (const value of valid(series.values)) {
        if (!(value >= 0 && value === Number(value.toFixed(6)))) expect.fail(`${series.name} holds ${value}`);
      }
    }
  });

  test("a machine that is added leaves the others as they were", () => {
    const more = simulateFleet({ ...SMALL, machines: 5, incidentsPerKind: 0 });
    const before = simulateFleet({ ...SMALL, incidentsPerKind: 0 });
    const of = (all: typeof more) =>
      all.live.filter((series) => series.labels["machine"] === before.live[2].labels["machine"]);
    expect(of(more)).toEqual(of(before));
  });

  test("about 0.5 % of the ordinary slots are missing, in runs of one to three", () => {
    const runs = fleet.history.flatMap((series) => runsOfNaN(series.values));
    const slots = fleet.history.length * fleet.history[0].values.length;
    const share = runs.reduce((a, b) => a + b, 0) / slots;
    expect(share).toBeGreaterThan(0.004);
    expect(share).toBeLessThan(0.006);
    expect(new Set(runs)).toEqual(new Set([1, 2, 3]));
  });

  test("evenings are above nights, and weekdays above weekends", () => {
    const { values, startMs, stepMs } = fleet.history[0];
    const at = (keep: (time: Date) => boolean) =>
      mean(valid(values.filter((_, i) => keep(new Date(startMs + i * stepMs)))));
    expect(at((t) => t.getUTCHours() === 15)).toBeGreaterThan(1.3 * at((t) => t.getUTCHours() === 3));
    const weekend = (t: Date) => t.getUTCDay() % 6 === 0;
    expect(at((t) => !weekend(t))).toBeGreaterThan(1.05 * at(weekend));
  });

  test("the noise remembers: its autocorrelation from slot to slot is near 0.8", () => {
    // The daily shape is taken away by the mean of the same slot of all weeks.
    const slotsAWeek = (7 * DAY_MS) / SMALL.stepMs;
    const correlations = fleet.history.map(({ values }) => {
      const rest = values.map((value, i) => {
        const sameSlot: number[] = [];
        for (let j = i % slotsAWeek; j < values.length; j += slotsAWeek) sameSlot.push(values[j]);
        return value - mean(sameSlot.filter((other) => !Number.isNaN(other)));
      });
      let product = 0;
      let square = 0;
      for (let i = 1; i < rest.length; i++) {
        if (Number.isNaN(rest[i] + rest[i - 1])) continue;
        product += rest[i] * rest[i - 1];
        square += rest[i] * rest[i];
      }
      return product / square;
    });
    // Ordinary spikes are white and take a little off.
    expect(mean(correlations)).toBeGreaterThan(0.65);
    expect(mean(correlations)).toBeLessThan(0.82);
  });

  test("the day follows the wall clock of the zone, also after the clocks change", () => {
    // 2025-03-30 01:00 UTC: Berlin goes from UTC+1 to UTC+2.
    const options = { ...SMALL, machines: 1, aggregators: 1, incidentsPerKind: 0, startMs: Date.UTC(2025, 2, 16) };
    const local = { ...options, timezone: "Europe/Berlin" };
    const { amplitudes } = planFleet(options);
    const [berlin, utc] = [simulateFleet(local).history[0], simulateFleet(options).history[0]];
    // The noise is the same in both, so that what differs is the shape: an hour ahead, then two.
    const asShifted = [...utc.values].filter((value, i) => {
      const timeMs = options.startMs + i * options.stepMs;
      const ahead = (timeMs < Date.UTC(2025, 2, 30, 1) ? 1 : 2) * HOUR_MS;
      const change = 0.5 * amplitudes[0] * (dailyShape(timeMs + ahead, 0) - dailyShape(timeMs, 0));
      return Math.abs(value + change - berlin.values[i]) < 2e-6;
    });
    // All but ordinary spikes (which grow with the shape) and gaps.
    expect(asShifted.length / utc.values.length).toBeGreaterThan(0.985);
    expect(Math.max(...valid(berlin.values.map((value, i) => Math.abs(value - utc.values[i]))))).toBeGreaterThan(0.001);
  });
});

describe("incidents", () => {
  const at = (index: number) => {
    const incident = fleet.truth[index];
    const live = fleet.live.find(
      (series) => series.labels["machine"] === incident.machine && series.labels["aggregator"] === incident.aggregator,
    )!;
    const from = (incident.startMs - live.startMs) / live.stepMs;
    const to = (incident.endMs - live.startMs) / live.stepMs;
    return { incident, live, from, to, values: live.values.slice(from, to) };
  };
  const ofKind = (kind: IncidentKind) =>
    fleet.truth.map((_, i) => at(i)).filter(({ incident }) => incident.kind === kind);

  test("every kind is there as often as requested, in time order", () => {
    for (const kind of INCIDENT_KINDS) expect(ofKind(kind)).toHaveLength(3);
    expect(fleet.truth.map((i) => i.startMs)).toEqual([...fleet.truth.map((i) => i.startMs)].sort((a, b) => a - b));
  });

  test("lie inside the live part, none in its first hours, and no two close together in one series", () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const options = { ...SMALL, machines: 2, aggregators: 3, seed, incidentsPerKind: 4 };
      const plan = planFleet(options);
      const liveStart = options.startMs + options.historyDays * DAY_MS;
      for (const one of plan.incidents) {
        expect(one.startMs).toBeGreaterThanOrEqual(liveStart + QUIET_MS);
        expect(one.endMs).toBeLessThanOrEqual(liveStart + options.liveDays * DAY_MS);
        for (const other of plan.incidents) {
          if (other === one || other.machine !== one.machine || other.aggregator !== one.aggregator) continue;
          const apart = Math.max(one.startSlot, other.startSlot) - Math.min(one.endSlot, other.endSlot);
          expect(apart).toBeGreaterThanOrEqual(APART_SLOTS);
        }
      }
    }
  });

  test("outside of them a series is what it would have been without", () => {
    const calm = simulateFleet({ ...SMALL, incidentsPerKind: 0 });
    expect(calm.truth).toEqual([]);
    expect(calm.history).toEqual(fleet.history);
    fleet.live.forEach((series, index) => {
      const inside = new Set<number>();
      for (let i = 0; i < fleet.truth.length; i++) {
        const { live, from, to } = at(i);
        if (live === series) for (let slot = from; slot < to; slot++) inside.add(slot);
      }
      const without = [...series.values].map((value, slot) => (inside.has(slot) ? 0 : value));
      expect(without).toEqual([...calm.live[index].values].map((value, slot) => (inside.has(slot) ? 0 : value)));
    });
  });

  test("a silence has at least 6 slots without a value, a drop only zeros, a stall at least 9 equal values", () => {
    for (const { values } of ofKind("silence")) {
      expect(values.length).toBeGreaterThanOrEqual(6);
      expect(valid(values)).toEqual([]);
    }
    for (const { values } of ofKind("drop")) expect(new Set(values)).toEqual(new Set([0]));
    for (const { values } of ofKind("stall")) {
      expect(values.length).toBeGreaterThanOrEqual(9);
      expect(new Set(values).size).toBe(1);
    }
  });

  test("a spike is short and more than two levels high; shifts and drifts stand clear of the usual day", () => {
    const calm = simulateFleet({ ...SMALL, incidentsPerKind: 0 });
    const level = (one: ReturnType<typeof at>) => {
      const index = fleet.live.indexOf(one.live);
      const usual = calm.live[index].values.slice(one.from, one.to);
      return { usual, typical: mean(valid(fleet.history[index].values)) };
    };
    for (const spike of ofKind("spike")) {
      const { usual, typical } = level(spike);
      expect(spike.values.length).toBeLessThanOrEqual(4);
      spike.values.forEach((value, i) => {
        if (!Number.isNaN(usual[i])) expect(value - usual[i]).toBeGreaterThan(1.5 * typical);
      });
    }
    for (const shift of ofKind("level_shift")) {
      const { usual } = level(shift);
      const ratio = mean(valid(shift.values)) / mean(valid(usual));
      expect(ratio > 1.6 || ratio < 0.5).toBe(true);
    }
    for (const drift of ofKind("drift")) {
      const { usual, typical } = level(drift);
      const growth = valid(drift.values.map((value, i) => value - usual[i]));
      expect(growth.at(-1)).toBeGreaterThan(1.2 * typical);
      expect(growth[0]).toBeLessThan(0.2 * typical);
    }
  });
});

describe("options that cannot make a fleet are refused by name", () => {
  test.each([
    [{ machines: 0 }, "machines is 0"],
    [{ historyDays: 1.5 }, "history days is 1.5"],
    [{ stepMs: 7 * MINUTE_MS }, "must divide a day"],
    [{ startMs: 1 }, "multiple of the step 20m"],
    [{ aggregators: ["a", "a"] }, "different names"],
    [{ aggregators: ["../a"] }, '"../a" cannot name a file'],
    [{ timezone: "Mars/Olympus" }, '"Mars/Olympus" is not a time zone'],
    [{ machines: 1, aggregators: 1, liveDays: 1, incidentsPerKind: 9 }, "no room for 9 incidents"],
  ])("%j", (change, message) => {
    expect(() => planFleet({ ...SMALL, ...change })).toThrow(UsageError);
    expect(() => planFleet({ ...SMALL, ...change })).toThrow(message);
  });
});
