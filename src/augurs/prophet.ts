import { initSync, Prophet, type ProphetPredictions } from "@bsull/augurs/prophet";
import { optimizer } from "./stan.js";
import { wasmOf } from "./wasm.js";

initSync({ module: wasmOf("prophet") });

export interface ProphetHolidays {
  readonly name: string;
  /** Days, epoch ms of their midnight. */
  readonly daysMs: readonly number[];
}

export interface ProphetSettings {
  readonly growth: "linear" | "flat";
  readonly changepoints: number;
  readonly changepointPriorScale: number;
  /** Fourier terms of each season; 0: without it. */
  readonly daily: number;
  readonly weekly: number;
  readonly yearly: number;
  readonly holidays: readonly ProphetHolidays[];
}

const DAY_S = 86_400;
/** Of Stan. */
const SEED = 1;

/**
 * Prophet's `yhat` of the slots after a history: trend with changepoints, Fourier seasons, holidays; the maximum a posteriori of Stan's model, without sampling, so the
 * same every time.
 *
 * Source: Taylor and Letham, "Forecasting at scale", The American Statistician 72 (2018); augurs 0.10, with Stan compiled to WebAssembly.
 *
 * @param values NaN is missing; at least three must be there, and two differ.
 * @returns undefined where it cannot be fitted.
 */
export function prophetForecast(
  { startMs, stepMs, values }: { readonly startMs: number; readonly stepMs: number; readonly values: Float64Array },
  slots: number,
  settings: ProphetSettings,
): Float64Array | undefined {
  const ds: number[] = [];
  const y: number[] = [];
  values.forEach((value, i) => {
    if (value !== value) return;
    ds.push(Math.round((startMs + i * stepMs) / 1000));
    y.push(value);
  });
  // What WebAssembly cannot take is found before.
  if (y.length < 3 || y.every((value) => value === y[0])) return undefined;
  const season = (order: number) =>
    order === 0 ? { type: "manual" as const, enabled: false } : { type: "fourier" as const, order };
  const model = new Prophet({
    optimizer,
    growth: settings.growth,
    nChangepoints: Math.min(settings.changepoints, Math.floor(0.8 * y.length) - 1),
    changepointPriorScale: settings.changepointPriorScale,
    dailySeasonality: season(settings.daily),
    weeklySeasonality: season(settings.weekly),
    yearlySeasonality: season(settings.yearly),
    uncertaintySamples: 0,
    ...(settings.holidays.length > 0 && { holidays: holidaysOf(settings.holidays) }),
  });
  try {
    model.fit({ ds, y }, { seed: SEED });
    const firstMs = startMs + values.length * stepMs;
    const wanted = Array.from({ length: slots }, (_, i) => Math.round((firstMs + i * stepMs) / 1000));
    const forecast = yhatOf(model.predict({ ds: wanted }));
    return forecast.length === slots && forecast.every(Number.isFinite) ? forecast : undefined;
  } catch {
    return undefined;
  } finally {
    model.free();
  }
}

/**
 * Trend, seasons and holidays, added in the order of their names: Prophet's own sum goes by the order of a hash map, and its last digits with it. All are additive.
 */
function yhatOf({ trend, seasonalities, holidays }: ProphetPredictions): Float64Array {
  const parts = [...seasonalities, ...holidays].sort(([a], [b]) => (a < b ? -1 : 1));
  return Float64Array.from(trend.point, (value, i) => parts.reduce((sum, [, part]) => sum + part.point[i], value));
}

function holidaysOf(holidays: readonly ProphetHolidays[]) {
  return new Map(
    holidays.map(({ name, daysMs }) => [
      name,
      { occurrences: daysMs.map((ms) => ({ start: ms / 1000, end: ms / 1000 + DAY_S })) },
    ]),
  );
}
