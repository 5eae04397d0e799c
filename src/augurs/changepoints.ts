import { ChangepointDetector, initSync } from "@bsull/augurs/changepoint";
import { robustScale } from "../math/robust-scale.js";
import { wasmOf } from "./wasm.js";

initSync({ module: wasmOf("changepoint") });

/** Fewer values have no level that could change. */
const LEAST_VALUES = 8;
/** Values further out than this many spreads count as this far: one wild value is no level. */
const FURTHEST = 8;

/**
 * Where the level of noise changed: Bayesian online changepoint detection under a normal-gamma prior, on values scaled by their median and robust
 * spread. Meant for the remainder of a decomposition; of a series with a season most bends are found as changes. Time grows with the square of the number of
 * values: 20 ms for 288.
 *
 * Source: Adams and MacKay, arXiv 0710.3742 (2007); augurs 0.10.
 *
 * @param values NaN is skipped.
 * @returns the first index of each new level, ascending; empty where nothing changed, or there is too little to say.
 */
export function changepoints(values: Float64Array): readonly number[] {
  const { location, spread } = robustScale(values);
  const known: number[] = [];
  values.forEach((value, i) => {
    if (Number.isFinite(value)) known.push(i);
  });
  // What WebAssembly cannot take is found before.
  if (known.length < LEAST_VALUES || !(spread > 0) || !Number.isFinite(spread)) return [];
  const scaled = Float64Array.from(known, (i) =>
    Math.max(-FURTHEST, Math.min(FURTHEST, (values[i] - location) / spread)),
  );
  const detector = ChangepointDetector.normalGamma();
  try {
    // It names the last value of each level, and 0 for the first level.
    return detector.detectChangepoints(scaled).indices.flatMap((last) => (last === 0 ? [] : (known[last + 1] ?? [])));
  } catch {
    return [];
  } finally {
    detector.free();
  }
}
