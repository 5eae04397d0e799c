import { describe, expect, test } from "vitest";
import { MAD_TO_SIGMA } from "../../math/robust-scale.js";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../time/duration.js";
import { RollingMedian } from "../mad/rolling-median.js";
import { RollingMoments } from "../zscore/rolling-moments.js";
import { BucketBaseline, type BucketOptions } from "./bucket-baseline.js";
import type { Forecaster } from "./forecaster.js";

/*
 * import pandas as pd, numpy as np
 * from scipy import stats
 * x = np.array([10,12,11,13,40,12,11,10,14,12,9,13], float); s = pd.Series(x)
 * s.rolling(6).mean(); s.rolling(6).std(); s.rolling(6).median(); [stats.median_abs_deviation(x[i-5:i+1]) for i in range(5,12)]
 */
const VALUES = [10, 12, 11, 13, 40, 12, 11, 10, 14, 12, 9, 13];
const MEANS = [16.3333333333, 16.5, 16.1666666667, 16.6666666667, 16.5, 11.3333333333, 11.5];
const DEVIATIONS = [
  11.6390148495, 11.5368973299, 11.7203526682, 11.5181016954, 11.5887876847, 1.7511900715, 1.8708286934,
];
const MEDIANS = [12, 12, 11.5, 12.5, 12, 11.5, 11.5];
const MADS = [1, 1, 1, 1.5, 1.5, 1, 1.5];

/** What it expects after each value, from the sixth on. */
function expectedBy(forecaster: Forecaster): readonly (readonly [number, number])[] {
  return VALUES.map((value, i) => {
    forecaster.learn(i * HOUR_MS, value);
    forecaster.look((i + 1) * HOUR_MS);
    return [forecaster.expected, forecaster.above] as const;
  }).slice(5);
}

describe("rolling windows", () => {
  test("have the mean and standard deviation that pandas has", () => {
    const found = expectedBy(new RollingMoments(HOUR_MS, 6 * HOUR_MS));
    expect(found.map(([mean]) => Number(mean.toFixed(10)))).toEqual(MEANS);
    expect(found.map(([, deviation]) => Number(deviation.toFixed(10)))).toEqual(DEVIATIONS);
  });

  test("have the median of pandas and the MAD of scipy", () => {
    const found = expectedBy(new RollingMedian(HOUR_MS, 6 * HOUR_MS));
    expect(found.map(([median]) => median)).toEqual(MEDIANS);
    expect(found.map(([, deviation]) => Number((deviation / MAD_TO_SIGMA).toFixed(10)))).toEqual(MADS);
  });

  test("lose no digits far from zero", () => {
    const near = new RollingMoments(MINUTE_MS, HOUR_MS);
    const far = new RollingMoments(MINUTE_MS, HOUR_MS);
    for (let i = 0; i < 500; i++) {
      near.learn(i, (i * 7919) % 13);
      far.learn(i, 2 ** 40 + ((i * 7919) % 13));
    }
    near.look();
    far.look();
    expect(far.above).toBeCloseTo(near.above, 9);
  });
});

describe("what a time of the week usually is", () => {
  const STEP_MS = 15 * MINUTE_MS;
  const MONDAY_MS = Date.UTC(2025, 0, 6);
  const valueAt = (i: number) =>
    100 + 20 * Math.sin((2 * Math.PI * (i % 96)) / 96) + ((i * 7919) % 13) - 6 + (Math.floor(i / 96) % 7 >= 5 ? 5 : 0);
  const options: BucketOptions = {
    bucketMs: HOUR_MS,
    weeks: 4,
    period: "week",
    band: "robust",
    isScrubbed: false,
    holidays: new Set(),
  };
  const trained = (more: Partial<BucketOptions> = {}, days = 28, timezone = "UTC") => {
    const baseline = new BucketBaseline(STEP_MS, timezone, { ...options, ...more });
    for (let i = 0; i < days * 96; i++) {
      baseline.look(MONDAY_MS + i * STEP_MS);
      baseline.learn(MONDAY_MS + i * STEP_MS, valueAt(i));
    }
    return baseline;
  };
  /** In the middle of an hour nothing of the hours beside it is mixed in. */
  const at = (baseline: BucketBaseline, day: number, hour: number) => {
    baseline.look(MONDAY_MS + day * DAY_MS + hour * HOUR_MS + HOUR_MS / 2);
    return baseline.expected;
  };

  /*
   * i = np.arange(0, 28*24*4); v = 100+20*np.sin(2*np.pi*(i%96)/96)+(i*7919%13)-6+5*((i//96)%7>=5)
   * d = pd.DataFrame({'t': pd.to_datetime('2025-01-06')+pd.to_timedelta(i*15,unit='min'), 'v': v})
   * g = d[(d.t.dt.dayofweek==0)&(d.t.dt.hour==10)]; g.groupby(g.index//96).v.median().median(); g.groupby(g.index//96).v.mean().mean()
   */
  test("is the median over the weeks of the hour's medians, as pandas groups them", () => {
    const baseline = trained();
    expect(at(baseline, 28, 10)).toBeCloseTo(108.24972122584091, 9);
    expect(at(baseline, 28 + 6, 3)).toBeCloseTo(121.52069868217868, 9);
  });

  test("is the mean of the hour's means where the band is one of means", () => {
    expect(at(trained({ band: "mean" }), 28, 10)).toBeCloseTo(108.23205793943626, 9);
  });

  test("tells weekdays apart only once a weekday was seen twice", () => {
    // A Saturday: after 12 days there was one before, after 26 days there were three.
    const hour = 12;
    const early = at(trained({}, 12), 12, hour);
    const late = at(trained({}, 26), 26, hour);
    const sunday = at(trained({}, 27), 27, hour);
    expect(late - early).toBeGreaterThan(3);
    expect(Math.abs(late - sunday)).toBeLessThan(3);
  });

  test("takes a holiday for a Sunday, and does not let it change its own weekday", () => {
    const wednesday = 28 + 2;
    const holiday = MONDAY_MS / DAY_MS + wednesday;
    const ordinary = at(trained({}, 30), wednesday, 12);
    expect(at(trained({ holidays: new Set([holiday]) }, 30), wednesday, 12) - ordinary).toBeGreaterThan(3);
  });

  test("follows the clock of the zone", () => {
    const utc = at(trained(), 28, 10);
    const berlin = at(trained({}, 28, "Europe/Berlin"), 28, 10);
    expect(berlin).toBeCloseTo(utc, 9);
    const half = trained({}, 28, "Asia/Kolkata");
    half.look(MONDAY_MS + 28 * DAY_MS + 10 * HOUR_MS);
    expect(half.expected).not.toBeCloseTo(utc, 1);
  });

  test("moves in a straight line from the middle of one hour to the middle of the next", () => {
    const baseline = trained();
    const [ten, eleven] = [at(baseline, 28, 10), at(baseline, 28, 11)];
    baseline.look(MONDAY_MS + 28 * DAY_MS + 11 * HOUR_MS);
    expect(baseline.expected).toBeCloseTo((ten + eleven) / 2, 9);
  });

  test("is not moved by a wild value where the history is scrubbed, and is by a mean that is not", () => {
    const wild = (more: Partial<BucketOptions>) => {
      const baseline = new BucketBaseline(STEP_MS, "UTC", { ...options, bucketMs: 6 * HOUR_MS, ...more });
      for (let i = 0; i < 7 * 96; i++) {
        baseline.look(MONDAY_MS + i * STEP_MS);
        baseline.learn(MONDAY_MS + i * STEP_MS, i % 24 === 20 ? 1e6 : 100 + (i % 3));
      }
      baseline.look(MONDAY_MS + 7 * DAY_MS + 3 * HOUR_MS);
      return baseline.expected;
    };
    expect(wild({ band: "mean", isScrubbed: true })).toBeCloseTo(101, 0);
    expect(wild({ band: "mean" })).toBeGreaterThan(10_000);
  });
});
