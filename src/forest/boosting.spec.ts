import { describe, expect, test } from "vitest";
import type { TrainingRows } from "./bins.js";
import { DEFAULT_BOOSTING, emptyBoosted, growBoosted, predictBoosted } from "./boosting.js";

const ROWS = 6000;
const FITTED = 4500;
const a = (i: number) => ((i * 7919) % 1009) / 1009;
const b = (i: number) => ((i * 104_729) % 997) / 997;
const c = (i: number) => ((i * 31_337) % 1013) / 1013;
const noise = (i: number) => ((i * 15_485_863) % 1999) / 1999 - 0.5;
const target = (i: number) => 10 * Math.sin(Math.PI * a(i) * b(i)) + 20 * (c(i) - 0.5) ** 2 + 5 * a(i) + noise(i);
const rowAt = (i: number) => Float32Array.of(a(i), i % 17 === 0 ? Number.NaN : b(i), c(i));

function rows(from: number, until: number, of = target): TrainingRows {
  const all = Array.from({ length: until - from }, (_, i) => from + i);
  const columns = [0, 1, 2].map((f) => Float32Array.from(all, (i) => rowAt(i)[f]));
  return { columns, targets: Float32Array.from(all, of) };
}

const rmse = (boosted: ReturnType<typeof emptyBoosted>) => {
  let sum = 0;
  for (let i = FITTED; i < ROWS; i++) sum += (predictBoosted(boosted, rowAt(i)) - target(i)) ** 2;
  return Math.sqrt(sum / (ROWS - FITTED));
};

describe("boosted trees", () => {
  /*
   * n=6000; i=np.arange(n); a=((i*7919)%1009)/1009; b=((i*104729)%997)/997; c=((i*31337)%1013)/1013
   * noise=((i*15485863)%1999)/1999-0.5; y=10*np.sin(np.pi*a*b)+20*(c-.5)**2+5*a+noise
   * X=np.stack([a,b,c],1).astype(np.float32); X[(i%17)==0,1]=np.nan
   * m=HistGradientBoostingRegressor(early_stopping=False).fit(X[:4500],y[:4500])   # scikit-learn 1.2.1
   * np.sqrt(np.mean((m.predict(X[4500:])-y[4500:])**2))
   */
  test("err no more than 1.02 times as much as scikit-learn's on the same rows, some features missing", () => {
    const boosted = emptyBoosted(DEFAULT_BOOSTING);
    growBoosted(rows(0, FITTED), DEFAULT_BOOSTING, boosted);
    expect(rmse(boosted)).toBeLessThan(1.02 * 0.9349658558825009);
  });

  test("stop where later rows gain nothing any more", () => {
    const boosted = emptyBoosted(DEFAULT_BOOSTING);
    const random = (i: number) => noise(i + 13);
    growBoosted(rows(0, 1000, random), DEFAULT_BOOSTING, boosted, rows(1000, 1500, random));
    expect(boosted.count).toBeLessThan(10);
    growBoosted(rows(0, FITTED), DEFAULT_BOOSTING, boosted, rows(FITTED, ROWS));
    expect(boosted.count).toBeGreaterThan(30);
  });

  test("say the mean of a constant, and grow nothing where there are too few rows", () => {
    const boosted = emptyBoosted(DEFAULT_BOOSTING);
    growBoosted(
      rows(0, 100, () => 7),
      DEFAULT_BOOSTING,
      boosted,
    );
    expect(predictBoosted(boosted, rowAt(3))).toBeCloseTo(7, 9);
    growBoosted(rows(0, 10), DEFAULT_BOOSTING, boosted);
    const mean = Array.from({ length: 10 }, (_, i) => Math.fround(target(i))).reduce((sum, one) => sum + one / 10, 0);
    expect(predictBoosted(boosted, rowAt(3))).toBeCloseTo(mean, 5);
  });

  test("are the same to the last bit when they are grown again", () => {
    const [one, two] = [emptyBoosted(DEFAULT_BOOSTING), emptyBoosted(DEFAULT_BOOSTING)];
    for (const each of [one, two]) growBoosted(rows(0, 800), DEFAULT_BOOSTING, each);
    expect(one).toEqual(two);
  });
});
