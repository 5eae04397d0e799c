import { expect, test } from "vitest";
import { HoltWinters } from "./holt-winters.js";

/*
 * from statsmodels.tsa.holtwinters import ExponentialSmoothing   # 0.13.5
 * i = np.arange(60); y = 50+0.2*i+5*np.sin(2*np.pi*i/12)+((i*7919)%13-6)*0.3; lev = y[:12].mean()
 * m = ExponentialSmoothing(y[12:], trend='add', seasonal='add', seasonal_periods=12, initialization_method='known',
 *                          initial_level=lev, initial_trend=0.0, initial_seasonal=y[:12]-lev)
 * m.fit(smoothing_level=.3, smoothing_trend=.1, smoothing_seasonal=.2, optimized=False).fittedvalues
 */
const FIRST = [48.2, 53.381, 56.15539702, 57.7195009, 57.90600452, 56.9040648];
const LAST = [62.07962347, 58.01272844, 56.33415894, 56.07087849, 57.37782218, 61.01804232];

const valueAt = (i: number) => 50 + 0.2 * i + 5 * Math.sin((2 * Math.PI * i) / 12) + (((i * 7919) % 13) - 6) * 0.3;

test("expects what statsmodels fits, slot by slot, with the same smoothing and beginning", () => {
  const forecaster = new HoltWinters(12, { level: 0.3, trend: 0.1, season: 0.2 });
  const expected = Array.from({ length: 60 }, (_, i) => {
    forecaster.look();
    forecaster.learn(i, valueAt(i));
    return forecaster.expected;
  });
  expect(expected.slice(0, 12).every(Number.isNaN)).toBe(true);
  expect(expected.slice(12, 18).map((one) => Number(one.toFixed(8)))).toEqual(FIRST);
  expect(expected.slice(-6).map((one) => Number(one.toFixed(8)))).toEqual(LAST);
});

test("a first turn without values is waited for again, and a gap later moves nothing but the level by the trend", () => {
  const forecaster = new HoltWinters(12, { level: 0.3, trend: 0.1, season: 0.2 });
  for (let i = 0; i < 12; i++) forecaster.learn(i, Number.NaN);
  for (let i = 0; i < 36; i++) forecaster.learn(i, valueAt(i));
  forecaster.look();
  const before = forecaster.expected;
  for (let i = 0; i < 12; i++) forecaster.learn(i, Number.NaN);
  forecaster.look();
  expect(Math.abs(forecaster.expected - before)).toBeLessThan(12 * 0.3);
});
