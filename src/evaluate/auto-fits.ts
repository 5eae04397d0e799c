import { autoNames, type DetectorName, type Effort, loadDetector, WITHOUT_MODEL } from "../detectors/registry.js";
import type { Choice } from "../model/choice.js";
import { seriesKey, type TimeRange } from "../series/series.js";
import { storeInMemory } from "../shelf/stored-series.js";
import type { Turns } from "../threads/turns.js";
import { WEEK_MS } from "../time/duration.js";
import { type BacktestFit, type FitSchedule, type FittedAt, fitsOf, pastOf } from "./fitting.js";
import { DEFAULT_BUDGET, measurePower, type PowerOptions, type PowerRequest } from "./power/measure-power.js";

/**
 * What a run with `--detector auto` would have had at each time: the detectors fitted on the past, and for each series the one that would
 * have found the most in it, measured on the past as `train` does. Until then the one that needs no model looks at all.
 */
export async function autoFits(
  { series, times }: FitSchedule,
  options: BacktestFit,
  turns: Turns,
  { effort = "low", ...power }: Pick<PowerOptions, "threads" | "signal"> & { readonly effort?: Effort },
  onProgress?: (done: number, total: number) => void,
): Promise<readonly FittedAt[]> {
  const without = await loadDetector(WITHOUT_MODEL);
  const unfitted = await turns.drive(fitsOf(without, undefined, { series, times }, options));
  const atFirst = (fit: FittedAt): FittedAt => ({ ...fit, detector: WITHOUT_MODEL, keys: null });
  const assigned: FittedAt[] = unfitted.slice(0, 1).map(atFirst);
  for (const [i, fromMs] of times.entries()) {
    onProgress?.(i, times.length);
    const asItIs = { ...(unfitted.findLast((one) => one.fromMs <= fromMs) ?? unfitted[0]), fromMs };
    const fits: (FittedAt & { readonly name: DetectorName })[] = [{ ...asItIs, name: WITHOUT_MODEL }];
    for (const name of autoNames(effort)) {
      if (name === WITHOUT_MODEL) continue;
      const detector = await loadDetector(name);
      const fit = await detector.loadFit?.();
      const fitted = (await turns.drive(fitsOf(detector, fit, { series, times: [fromMs] }, options))).at(-1);
      if (fitted !== undefined) fits.push({ ...fitted, fromMs, name });
    }
    const known = fits.find(({ learned }) => learned !== null);
    const choice = known === undefined ? undefined : await measured(fits, known, { series, times }, options, power);
    if (choice === undefined) assigned.push({ ...(known ?? fits[0]), detector: (known ?? fits[0]).name, keys: null });
    else assigned.push(...assignments(choice, fits, options));
  }
  return assigned;
}

/** Which of the detectors would find the most in each series of the past. */
async function measured(
  fits: readonly (FittedAt & { readonly name: DetectorName })[],
  { fromMs, series: known }: FittedAt,
  { series }: FitSchedule,
  { timezone, seed, threshold }: BacktestFit,
  power: PowerOptions,
): Promise<Choice | undefined> {
  const byKey = new Map(series.map((one) => [seriesKey(one.labels), one]));
  const candidates: PowerRequest["candidates"] = fits.map(({ name, learned, divisor }) => ({ name, learned, divisor }));
  return measurePower(
    {
      candidates,
      series: known.flatMap(({ labels }) => {
        const one = byKey.get(seriesKey(labels));
        return one === undefined ? [] : [storeInMemory(pastOf(one, fromMs))];
      }),
      known,
      ...{ stepMs: series[0].stepMs, timezone, exclude: [], seed },
      heldOut: heldOutOf(fits, fromMs),
      budget: threshold?.kind === "budget" ? threshold : DEFAULT_BUDGET,
    },
    power,
  );
}

/** The newest days that none of the detectors was fitted on, a week of them at the most. */
export function heldOutOf(fits: readonly Pick<FittedAt, "heldOutFromMs">[], endMs: number): TimeRange {
  const starts = fits.map(({ heldOutFromMs = Number.NEGATIVE_INFINITY }) => heldOutFromMs);
  return { startMs: Math.max(endMs - WEEK_MS, ...starts), endMs };
}

function assignments(
  choice: Choice,
  fits: readonly (FittedAt & { readonly name: DetectorName })[],
  { threshold }: BacktestFit,
): FittedAt[] {
  const known = fits.find(({ learned }) => learned !== null)?.series ?? [];
  return choice.detectors.flatMap(({ name, divisor }, d): FittedAt[] => {
    const fit = fits.find((one) => one.name === name);
    if (fit === undefined) return [];
    const own = known.filter((_, i) => choice.series[i].detector === d).map(({ labels }) => seriesKey(labels));
    // Whoever requests a threshold gets that one; else the alert budget is kept.
    const at = { ...fit, detector: name, divisor: fit.divisor * (threshold === undefined ? divisor : 1) };
    return [{ ...at, keys: own }, ...(choice.unknown === d ? [{ ...at, keys: null }] : [])];
  });
}
