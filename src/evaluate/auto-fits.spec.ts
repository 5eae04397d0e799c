import { beforeAll, describe, expect, test } from "vitest";
import { seriesKey } from "../series/series.js";
import { DEFAULT_FLEET } from "../simulate/options.js";
import { simulateFleet } from "../simulate/simulate.js";
import { takeTurns } from "../threads/turns.js";
import { DAY_MS } from "../time/duration.js";
import { autoFits, heldOutOf } from "./auto-fits.js";
import { fitsFor } from "./fits-for.js";
import type { FittedAt } from "./fitting.js";

const { history: series } = simulateFleet({ ...DEFAULT_FLEET, machines: 1, historyDays: 44, incidentsPerKind: 0 });
const day = (n: number) => series[0].startMs + n * DAY_MS;
const options = { timezone: "UTC", seed: 1, threshold: undefined };

describe("autoFits", () => {
  let fits: readonly FittedAt[];
  const times = [day(10), day(40)];
  beforeAll(async () => {
    fits = await autoFits({ series, times }, options, takeTurns(), { threads: 1 });
  }, 300_000);

  test("the detector that needs no model looks at all series until there is enough past to choose", () => {
    const own = fitsFor(fits, seriesKey(series[0].labels));
    expect(own.map(({ fromMs, detector }) => [fromMs, detector])).toEqual([
      [Number.NEGATIVE_INFINITY, "residual"],
      [day(10), "residual"],
      [day(40), "family"],
    ]);
    expect(fitsFor(fits, "unknown").map(({ detector }) => detector)).toEqual(["residual", "residual", "family"]);
  });

  test("what comes after a time changes nothing that was chosen or learned at it", { timeout: 300_000 }, async () => {
    const changed = series.map((one) => ({
      ...one,
      values: one.values.map((value, i) => (one.startMs + i * one.stepMs >= day(40) ? 5 : value)),
    }));
    expect(await autoFits({ series: changed, times }, options, takeTurns(), { threads: 1 })).toEqual(fits);
  });
});

describe("heldOutOf", () => {
  const fits = [{}, { heldOutFromMs: day(31) }, { heldOutFromMs: day(36) }, { heldOutFromMs: day(34) }];

  test("begins where the last of the fits ends, whichever comes first", () => {
    expect(heldOutOf(fits, day(40))).toEqual({ startMs: day(36), endMs: day(40) });
    expect(heldOutOf([...fits].reverse(), day(40))).toEqual({ startMs: day(36), endMs: day(40) });
  });

  test("is a week at the most", () => {
    expect(heldOutOf(fits, day(50))).toEqual({ startMs: day(43), endMs: day(50) });
  });
});

describe("fitsFor", () => {
  const from = (fromMs: number, detector: "family" | "residual", keys: readonly string[] | null): FittedAt => ({
    ...{ fromMs, detector, keys, learned: null, series: [], divisor: 1 },
  });
  const fits = [
    from(1, "family", ["a"]),
    from(1, "residual", ["b"]),
    from(1, "family", null),
    from(2, "residual", null),
  ];

  test.each([
    ["a", ["family", "residual"]],
    ["b", ["residual", "residual"]],
    ["c", ["family", "residual"]],
  ])("%s has the fit that names it, else the one for all others", (key, expected) => {
    expect(fitsFor(fits, key).map(({ detector }) => detector)).toEqual(expected);
  });
});
