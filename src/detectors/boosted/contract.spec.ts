import { describe, expect, test } from "vitest";
import { DEFAULT_BOOSTING } from "../../forest/boosting.js";
import { EMPTY_INVENTORY } from "../../series/inventory.js";
import { type Series, seriesKey } from "../../series/series.js";
import { storeInMemory } from "../../shelf/stored-series.js";
import { DAY_MS, HOUR_MS, MINUTE_MS, WEEK_MS } from "../../time/duration.js";
import type { FittedDetector } from "../detector.js";
import type { Fitted } from "../fit.js";
import { fitHere } from "../fit-here.js";
import type { Section } from "../kind.js";
import { needsModel } from "../registry.js";
import { describeDetector } from "../testing/contract.js";
import { describeFinite } from "../testing/contract-finite.js";
import { wave } from "../testing/wave.js";
import { boosted } from "./detector.js";
import type { BoostedFamily } from "./family/learned.js";
import { boostedFit } from "./fit/boosted-fit.js";

const family = boosted.configure?.({ scope: "family" }) ?? boosted;
const boosting = { ...DEFAULT_BOOSTING, trees: 80, leaves: 15 };

function trained(history: readonly Series[], timezone = "UTC"): Fitted<BoostedFamily> {
  const fit = boostedFit({ lagsMs: [DAY_MS, WEEK_MS], boosting });
  const work = fitHere(fit.course(history.map(storeInMemory), { timezone, seed: 1 }), fit.openStep);
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

function opened({ learned, inventory, stepMs }: Fitted<BoostedFamily>, timezone = "UTC"): FittedDetector {
  return family.open(learned, inventory, { stepMs, timezone, silenceAfterMs: 2 * HOUR_MS, divisor: 1 });
}

for (const stepMin of [1, 5, 20, 60]) {
  const stepMs = stepMin * MINUTE_MS;
  const timezone = stepMin === 20 ? "Europe/Berlin" : "UTC";
  const history = [1, 2, 3].map((seed) => wave(20, seed, stepMs));
  const detector = opened(trained(history, timezone), timezone);
  const known = detector.describe(wave(20, 99, stepMs));
  // The suite brings what another detector knows of the wave; this one knows the same in its own words.
  describeDetector(`boosted:scope=family, ${stepMin} min`, () => ({ ...detector, open: () => detector.open(known) }));
  if (stepMin === 20) describeFinite("boosted:scope=family", () => ({ ...detector, open: () => detector.open(known) }));
}

describe("boosted:scope=family", () => {
  const stepMs = 20 * MINUTE_MS;
  const history = [1, 2, 3].map((seed) => wave(20, seed, stepMs));
  const fitted = trained(history);

  test("needs a model, and boosted does not", () => {
    expect(needsModel("boosted:scope=family")).toBe(true);
    expect(needsModel("boosted")).toBe(false);
    expect(needsModel("boosted:scope=series")).toBe(false);
    expect(boosted.loadFit).toBeUndefined();
    const settings = { stepMs, timezone: "UTC", silenceAfterMs: null, divisor: 1 };
    expect(boosted.open(null, EMPTY_INVENTORY, settings).learnedOf("any")).toBeDefined();
  });

  test("options of trees that are grown as a series scores are refused", () => {
    expect(() => boosted.configure?.({ scope: "family", refit: "1d" })).toThrow(/boosted.refit .* scope=series/);
  });

  test("is the same to the last bit for the same seed", () => {
    expect(trained(history).learned).toEqual(fitted.learned);
  });

  test("comes out of a model file as it went in", () => {
    expect(family.decode?.(family.encode?.(fitted.learned) as Section, 3)).toEqual(fitted.learned);
  });

  test("a section that does not fit is refused", () => {
    const section = family.encode?.(fitted.learned) as Section;
    const decode = (change: Partial<Section>, count = 3) => family.decode?.({ ...section, ...change }, count);
    const withHeader = (change: object) => decode({ header: { ...(section.header as object), ...change } });
    const withArray = (name: string, at: number, value: number) => {
      const array = section.arrays[name].slice();
      array[at] = value;
      return decode({ arrays: { ...section.arrays, [name]: array } });
    };
    expect(() => decode({ header: null })).toThrow("no header");
    expect(() => decode({}, 4)).toThrow("scales and series differ");
    expect(() => withHeader({ leaves: 16 })).toThrow("no whole number of trees");
    expect(() => withHeader({ leaves: 0 })).toThrow("0 leaves");
    expect(() => withHeader({ lagsMs: [] })).toThrow("its lags are");
    expect(() => withHeader({ lagsMs: [DAY_MS, 1e15] })).toThrow("its lags are");
    expect(() => withHeader({ lagsMs: [DAY_MS] })).toThrow("asks for feature");
    expect(() => withHeader({ base: null })).toThrow("its base is");
    expect(() => withArray("value", 3, Number.NaN)).toThrow("node 3 says NaN");
    expect(() => withArray("left", 1, 1)).toThrow("node 1 leads nowhere");
    expect(() => withArray("left", 0, 28)).toThrow("node 0 leads nowhere");
    expect(() => withArray("feature", 0, 8)).toThrow("node 0 asks for feature 8 of 8");
    expect(() => withArray("threshold", 0, Number.NaN)).toThrow("node 0 has no threshold");
    expect(() => withArray("scales", 1, -1)).toThrow("scale 0");
    const { threshold: _, ...rest } = section.arrays;
    expect(() => decode({ arrays: rest })).toThrow("it must have an array threshold");
  });

  test("a constant series is not forecast, and one that trees were not grown on is, by its own scale", () => {
    const flat: Series = { ...wave(20, 4, stepMs), labels: { machine: "flat" } };
    flat.values.fill(5);
    const { learned, inventory } = trained([...history, flat]);
    expect(learned.scales[inventory.indexOf(seriesKey(flat.labels)) ?? -1].spread).toBe(0);
    const large = wave(20, 9, stepMs).values.map((value) => 1e6 * value);
    expect(opened(fitted).describe({ ...flat, values: large })).toMatchObject({ place: undefined });
    expect(
      (opened(fitted).describe({ ...flat, values: large }) as unknown as { spread: number }).spread,
    ).toBeGreaterThan(1e6);
  });

  test("a history of two days is refused with what is needed", () => {
    expect(() => trained([wave(2, 1, stepMs)])).toThrow(/at least 72h are needed/);
  });
});
