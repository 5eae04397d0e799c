import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FittedDetector, SeriesScorer } from "../detectors/detector.js";
import type { Fit } from "../detectors/fit.js";
import type { Detector } from "../detectors/kind.js";
import { DETECTOR_NAMES, loadDetector } from "../detectors/registry.js";
import { wave } from "../detectors/testing/wave.js";
import type { Threshold } from "../detectors/threshold.js";
import { normal, seededRandom } from "../math/random.js";
import { createInventory } from "../series/inventory.js";
import type { Series } from "../series/series.js";
import { takeSlots } from "../shelf/stored-series.js";
import { DAY_MS, HOUR_MS, WEEK_MS } from "../time/duration.js";
import { backtestSeries, detectorsOf } from "./backtest.js";
import { fitsOf, fitTimes, pastOf } from "./fitting.js";
import { runBacktest } from "./run-backtest.js";

const OPTIONS = { timezone: "UTC", seed: 1, threshold: undefined };
const START = Date.UTC(2025, 0, 6);
const MACHINE = { machine: "m", aggregator: "a" };

function seriesOf(values: Float64Array, stepMs: number): Series {
  return { name: "m", labels: MACHINE, startMs: START, stepMs, values };
}

/** Replays a series with a detector that is fitted on a schedule. */
function scores(
  fit: Fit | undefined,
  detector: Detector,
  series: Series,
  warmUpMs: number,
  refitMs: number,
  threshold: Threshold | undefined = undefined,
): Float64Array {
  const options = { ...OPTIONS, threshold };
  const range = { startMs: series.startMs, endMs: series.startMs + series.values.length * series.stepMs };
  const work = fitsOf(detector, fit, { series: [series], times: fitTimes(range, warmUpMs, refitMs) }, options);
  let step = work.next();
  while (!step.done) step = work.next();
  return backtestSeries(
    series,
    detectorsOf(() => detector, step.value, series, options),
  ).score;
}

/** Six weeks of a daily wave with heavy noise and now and then an incident: about one in a week that no budget can hide. */
function restless(seed: number): Series {
  const series = wave(42, 50 + seed);
  const random = seededRandom(seed);
  for (let i = 0; i < series.values.length; i++) {
    // A Student t with 3 degrees of freedom, by its definition: heavy tails, as real metrics have them.
    const chi = normal(random) ** 2 + normal(random) ** 2 + normal(random) ** 2;
    series.values[i] += (0.3 * normal(random)) / Math.sqrt(chi / 3);
    if (random() < 1 / 500) series.values.set([16, 17, 18].slice(0, series.values.length - i), i);
  }
  return series;
}

const tattlingFit: Fit = {
  *course(history) {
    const parts = history.map((stored) => takeSlots(stored).values);
    const sums = yield { step: "sum", shared: null, parts, phase: "summing", progress: [0, 1] };
    const [{ stepMs, startMs }] = history;
    return {
      ...{ learned: sums[0], inventory: createInventory(history), stepMs, range: { startMs, endMs: startMs } },
      ...{
        heldOutFromMs: startMs,
        unit: null,
        points: 0,
        rows: 0,
        leftOut: [],
        incidents: [],
        options: {},
        figures: {},
      },
    };
  },
  openStep: () => (values) => (values as Float64Array).reduce((sum, value, i) => sum + value * (i + 1), 0),
  figureLines: () => [],
};

/** A detector whose every score shows all that it was shown: the past that it was fitted on, and what was pushed. */
const tattling: Detector = {
  name: "tattling",
  loadFit: async () => tattlingFit,
  divisorOf: () => 1,
  open: (learned, _, { stepMs }) => tattlingDetector(stepMs, learned as number),
};

const KNOWN = { silenceSlots: 3 };

function tattlingDetector(stepMs: number, learned: number): FittedDetector {
  return {
    stepMs,
    historyMs: 4 * stepMs,
    warmUpMs: 0,
    describesAfterMs: 0,
    learnedOf: () => KNOWN,
    describe: () => KNOWN,
    usualOf: () => 0,
    open: (): SeriesScorer => {
      let seen = 0;
      let pushed = 0;
      return {
        push: (_, value, into) => {
          seen = seen * 0.5 + value;
          into.score = learned * 1e3 + seen;
          into.expected = pushed++;
          into.warming = false;
        },
        pass: () => pushed++,
        explain: () => ({ parts: [], passes: null }),
        stateLength: 2,
        save: () => Float64Array.of(seen, pushed),
        restore: ([a, b]) => {
          [seen, pushed] = [a, b];
        },
      };
    },
  };
}

describe("a replay never knows the future", () => {
  test("changing any value after t changes no score up to t, whatever the detector looks at", () => {
    const values = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(
        values,
        fc.nat(),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 20 }),
        (list, at, warm, refit) => {
          const before = Float64Array.from(list);
          const t = at % before.length;
          const after = before.map((value, i) => (i > t ? value + 100 : value));
          const replay = (some: Float64Array) =>
            scores(tattlingFit, tattling, seriesOf(some, HOUR_MS), warm * HOUR_MS, refit * HOUR_MS);
          expect(replay(after).subarray(0, t + 1)).toEqual(replay(before).subarray(0, t + 1));
        },
      ),
      { seed: 5 },
    );
  });

  const budget: Threshold = { kind: "budget", episodes: 2, perMs: WEEK_MS };
  test.each(
    [...DETECTOR_NAMES, "boosted:scope=family"].flatMap((name) => [
      { name, threshold: undefined },
      { name, threshold: budget },
    ]),
  )(
    "nor with the detector $name, at any moment of a history with a refit in it, threshold $threshold.kind",
    { timeout: 300_000 },
    async ({ name, threshold }) => {
      const { values: whole, stepMs } = wave(16, 3);
      const detector = await loadDetector(name);
      const learn = await detector.loadFit?.();
      const replay = (values: Float64Array) =>
        scores(learn, detector, seriesOf(values, stepMs), 6 * DAY_MS, 5 * DAY_MS, threshold);
      const known = replay(whole);
      expect(known.some((score) => score === score)).toBe(true);
      for (const t of [400, 500, 791, 792, 1000]) {
        const changed = whole.map((value, i) => (i > t ? -3 * value + 10 : value));
        expect(replay(changed).subarray(0, t + 1)).toEqual(known.subarray(0, t + 1));
      }
    },
  );
});

describe("backtestSeries", () => {
  const series = seriesOf(
    Float64Array.from({ length: 20 }, (_, i) => i),
    HOUR_MS,
  );
  const from = (slot: number) => ({
    fromMs: START + slot * HOUR_MS,
    detector: tattlingDetector(HOUR_MS, 0),
    known: KNOWN,
    divisor: 1,
  });

  test("slots before the first detector are not scored", () => {
    const { score } = backtestSeries(series, [from(5)]);
    expect(score.slice(0, 5).every(Number.isNaN)).toBe(true);
    expect(score.slice(5).some(Number.isNaN)).toBe(false);
    expect(backtestSeries(series, []).score.every(Number.isNaN)).toBe(true);
  });

  test("a new detector is shown just the history that it requests before it continues", () => {
    const { expected } = backtestSeries(series, [from(0), from(10)]);
    // It counts what it was pushed: 10 slots since the start, then 4 of history and on.
    expect([...expected]).toEqual([...Array(10).keys(), ...[...Array(10).keys()].map((i) => i + 4)]);
  });

  test("the same detector continues with its state, and a divisor moves the threshold without touching it", () => {
    const first = from(0);
    const { expected, score } = backtestSeries(series, [first, { ...first, fromMs: from(10).fromMs, divisor: 2 }]);
    expect([...expected]).toEqual([...Array(20).keys()]);
    const plain = backtestSeries(series, [from(0)]).score;
    expect(score).toEqual(plain.map((one, i) => (i < 10 ? one : one / 2)));
  });

  test("a moment between two slots belongs to the next one, and moments outside of the data do no harm", () => {
    const between = { ...from(5), fromMs: START + 4.5 * HOUR_MS };
    expect(backtestSeries(series, [between]).score.findIndex((score) => !Number.isNaN(score))).toBe(5);
    expect(backtestSeries(series, [from(-50), from(500)]).expected[19]).toBe(19);
    expect(backtestSeries(seriesOf(new Float64Array(0), HOUR_MS), [from(0)]).score).toHaveLength(0);
  });
});

describe("the schedule", () => {
  test("fits come after the warm-up and then in even steps, while something is left to score", () => {
    expect(fitTimes({ startMs: 0, endMs: 100 }, 30, 35)).toEqual([30, 65]);
    expect(fitTimes({ startMs: 0, endMs: 100 }, 100, 35)).toEqual([]);
  });

  test("the past of a moment holds the slots that have ended by then", () => {
    const series = seriesOf(Float64Array.of(1, 2, 3), HOUR_MS);
    const past = (ms: number) => [...pastOf(series, START + ms).values];
    expect(past(HOUR_MS)).toEqual([1]);
    expect(past(HOUR_MS - 1)).toEqual([]);
    expect(past(-1)).toEqual([]);
    expect(past(99 * HOUR_MS)).toEqual([1, 2, 3]);
  });
});

describe("runBacktest", () => {
  test.each([0.5, 1, 3])(
    "a budget of %s episodes a week and series is kept within a factor of two on series it never saw, incidents and all",
    async (episodes) => {
      const inputs = Array.from({ length: 20 }, (_, i) => ({ series: restless(i), label: null, name: `s${i}` }));
      const { results } = await runBacktest(inputs, {
        ...OPTIONS,
        threshold: { kind: "budget", episodes, perMs: WEEK_MS },
        detector: "residual",
        refitMs: WEEK_MS,
        ignoreMs: 14 * DAY_MS,
        vus: false,
        threads: 1,
      });
      const found = results.reduce((sum, { records }) => sum + records.length, 0);
      const perWeek = found / (inputs.length * 4);
      expect(perWeek).toBeGreaterThan(episodes / 2);
      expect(perWeek).toBeLessThan(episodes * 2);
    },
    60_000,
  );

  test("series of different steps are fitted apart, and series without labels count for no figure", async () => {
    const fine = wave(16, 4);
    const half = { ...fine, values: fine.values.filter((_, i) => i % 2 === 0), stepMs: 2 * fine.stepMs };
    const labelled = new Uint8Array(fine.values.length).fill(1, 900, 905);
    const inputs = [
      { series: fine, label: labelled, name: "a" },
      { series: half, label: null, name: "b" },
    ];
    const result = await runBacktest(inputs, {
      ...OPTIONS,
      detector: "family",
      refitMs: 7 * DAY_MS,
      ignoreMs: 11 * DAY_MS,
      vus: false,
      threads: 1,
    });
    expect(result.fits).toBe(2);
    expect(result.total).toMatchObject({ series: 1, events: 1 });
    expect(result.results.map(({ scored }) => scored.score.length)).toEqual([1152, 576]);
  });

  test("slots of a maintenance do not count, its episodes say so, and nothing is learned from it", async () => {
    const series = wave(30, 4);
    // One incident that is one, and one of the same size in a maintenance.
    for (let i = 1500; i < 1506; i++) series.values[i] += 15;
    const quiet = { ...series, values: series.values.slice() };
    for (let i = 1800; i < 1806; i++) series.values[i] += 15;
    const label = new Uint8Array(series.values.length).fill(1, 1500, 1506);
    const atSlot = (slot: number) => new Date(series.startMs + slot * series.stepMs).toISOString();
    const maintenance = {
      id: "x",
      kind: "maintenance",
      matchers: [],
      from: atSlot(1790),
      until: atSlot(1830),
      note: "swap",
    } as const;
    const run = (events: readonly (typeof maintenance)[], of = series) =>
      runBacktest([{ series: of, label, name: "a" }], {
        ...OPTIONS,
        events,
        detector: "residual",
        refitMs: WEEK_MS,
        ignoreMs: 14 * DAY_MS,
        vus: false,
        threads: 1,
      });
    const [without, withIt] = [await run([]), await run([maintenance])];
    const score = (one: typeof without) => [...one.results[0].scored.score];
    expect(score(withIt).slice(0, 1790)).toEqual(score(without).slice(0, 1790));
    expect(score(withIt).slice(1790, 1830).every(Number.isNaN)).toBe(true);
    expect(score(withIt).slice(1830)).not.toEqual(score(without).slice(1830));
    expect(score(withIt)).toEqual(score(await run([maintenance], quiet)));
    expect(without.total?.falseAlarms).toBeGreaterThan(withIt.total?.falseAlarms ?? Number.NaN);
    expect(withIt.total?.aucPr).toBeGreaterThan(without.total?.aucPr ?? Number.NaN);
    const inside = withIt.results[0].records.filter(({ suppressed_by }) => suppressed_by !== undefined);
    expect(inside.map(({ start }) => Date.parse(start))).toEqual([Date.parse(atSlot(1800))]);
    expect(withIt.results[0].records).toHaveLength(without.results[0].records.length);
  });
});
