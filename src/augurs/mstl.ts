import { initSync, MSTL } from "@bsull/augurs/mstl";
import { wasmOf } from "./wasm.js";

initSync({ module: wasmOf("mstl") });

export interface Decomposed {
  /** What trend and seasons say of the values that were given. */
  readonly fitted: Float64Array;
  /** Of the slots after them. */
  readonly forecast: Float64Array;
}

/**
 * Seasonal-trend decomposition by Loess with several seasons, and a forecast: seasons repeated, the trend by exponential smoothing (ETS). Missing
 * values are filled before; a series needs two of its longest period.
 *
 * Source: Bandara, Hyndman, Bergmeir, "MSTL", arXiv 2107.13462 (2021); augurs 0.10.
 *
 * @param values NaN is missing. @param periods in slots. @param slots that are forecast.
 * @returns undefined where augurs cannot fit: constant or absent values, too few of them.
 */
export function mstl(values: Float64Array, periods: readonly number[], slots: number): Decomposed | undefined {
  // Trap states and panics inside WebAssembly poison the module: what it cannot take is found before.
  const known = values.filter((value) => value === value);
  const longest = Math.max(...periods);
  if (values.length < 2 * longest + 1 || known.length < values.length / 2 || isConstant(known)) return undefined;
  const model = MSTL.ets(Uint32Array.from(periods), { impute: true });
  try {
    model.fit(edgesFilled(values));
    const fitted = Float64Array.from(model.predictInSample().point);
    const forecast = Float64Array.from(model.predict(slots).point);
    return forecast.every(Number.isFinite) ? { fitted, forecast } : undefined;
  } catch {
    return undefined;
  } finally {
    model.free();
  }
}

function isConstant(values: Float64Array): boolean {
  return values.every((value) => value === values[0]);
}

/** Values that are missing at either end have nothing to be filled from on one side. */
function edgesFilled(values: Float64Array): Float64Array {
  const filled = values.slice();
  const first = values.findIndex((value) => value === value);
  let last = values.length - 1;
  while (values[last] !== values[last]) last--;
  filled.fill(values[first], 0, first);
  filled.fill(values[last], last + 1);
  return filled;
}
