import { describe, expect, test } from "vitest";
import { HOUR_MS } from "../time/duration.js";
import { type ProphetSettings, prophetForecast } from "./prophet.js";

/*
 * Python's prophet 1.5.0 in an environment of its own:
 *
 * n = 24*28; i = np.arange(n+48); noise = ((i*7919)%13)-6; ds = pd.to_datetime('2025-01-06')+pd.to_timedelta(i, unit='h')
 * m = Prophet(uncertainty_samples=0, daily_seasonality=4, weekly_seasonality=3, yearly_seasonality=False)
 * m.fit(pd.DataFrame({'ds': ds[:n], 'y': y[:n]})); m.predict(pd.DataFrame({'ds': ds[n:]})).yhat[::8]
 */
const HISTORY = 24 * 28;
const AHEAD = 48;
const wave = (i: number, period: number) => Math.sin((2 * Math.PI * i) / period);
const noise = (i: number) => ((i * 7919) % 13) - 6;
const SERIES: readonly (readonly [name: string, at: (i: number) => number, yhat: readonly number[]])[] = [
  [
    "a day's wave",
    (i) => 100 + 20 * wave(i, 24) + 0.3 * noise(i),
    [99.9646, 117.2992, 82.6308, 99.9926, 117.3254, 82.6438],
  ],
  [
    "day, week and trend",
    (i) => 50 + 0.05 * i + 10 * wave(i, 24) + 8 * wave(i, 168) + 0.5 * noise(i),
    [83.5401, 94.9812, 80.1636, 91.0408, 101.3145, 84.8576],
  ],
  [
    "a trend that bends",
    (i) => 200 + (i < 336 ? 0.2 * i : 0.2 * 336 - 0.1 * (i - 336)) + 5 * wave(i, 24) + noise(i),
    [233.6677, 237.1289, 227.4552, 231.0005, 234.4322, 224.8299],
  ],
];
const SETTINGS: ProphetSettings = {
  growth: "linear",
  changepoints: 25,
  changepointPriorScale: 0.05,
  daily: 4,
  weekly: 3,
  yearly: 0,
  holidays: [],
};
const historyOf = (at: (i: number) => number) => ({
  startMs: Date.UTC(2025, 0, 6),
  stepMs: HOUR_MS,
  values: Float64Array.from({ length: HISTORY }, (_, i) => at(i)),
});

describe("Prophet", () => {
  test.each(SERIES)("gives the yhat of Python's, within 1e-3: %s", (_, at, yhat) => {
    const forecast = prophetForecast(historyOf(at), AHEAD, SETTINGS);
    expect(forecast).toHaveLength(AHEAD);
    yhat.forEach((expected, i) => {
      const own = forecast?.[8 * i] ?? Number.NaN;
      expect(Math.abs(own - expected) / Math.abs(expected)).toBeLessThan(1e-3);
    });
  });

  test("gives the same to the last bit, whatever was fitted before", () => {
    const forecastOf = (at: (i: number) => number) => prophetForecast(historyOf(at), AHEAD, SETTINGS);
    const first = forecastOf(SERIES[1][1]);
    for (let i = 0; i < 8; i++) {
      forecastOf(SERIES[i % 3][1]);
      expect(forecastOf(SERIES[1][1])).toEqual(first);
    }
  });

  test.each([
    ["a constant", () => 5],
    ["no value at all", () => Number.NaN],
    ["two values", (i: number) => (i < 2 ? i : Number.NaN)],
  ])("says nothing of %s, and is still usable after it", (_, at) => {
    expect(prophetForecast(historyOf(at), AHEAD, SETTINGS)).toBeUndefined();
    expect(prophetForecast(historyOf(SERIES[0][1]), AHEAD, SETTINGS)).toHaveLength(AHEAD);
  });

  test("knows what a holiday of the history did", () => {
    const holiday = Date.UTC(2025, 0, 22);
    const ahead = Date.UTC(2025, 0, 6) + HISTORY * HOUR_MS;
    const history = historyOf((i) => 100 + 10 * wave(i, 24) + (Math.floor(i / 24) === 16 ? -40 : 0) + 0.2 * noise(i));
    const holidays = [{ name: "holidays", daysMs: [holiday, ahead] }];
    const [plain, known] = [[], holidays].map((one) => prophetForecast(history, 24, { ...SETTINGS, holidays: one }));
    expect((known?.[12] ?? 0) - (plain?.[12] ?? 0)).toBeLessThan(-20);
  });
});
