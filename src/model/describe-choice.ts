import { blindByTrait } from "./blind.js";
import type { Choice, CurveEntry, SeriesPower } from "./choice.js";

/** What a manifest says of the choice of detectors; what is known of each series is in the model file. */
export interface ChoiceSummary {
  /** Of incidents of the smallest size this share (0–1) is found. */
  readonly share: number;
  readonly budget: { readonly episodes: number; readonly per_s: number };
  readonly detectors: readonly { readonly name: string; readonly divisor: number; readonly series: number }[];
  /** Series that incidents were tried in; the others have the figures of those like them. */
  readonly tried: number;
  /** Of the median series, by shape and duration: a share of its level, or a length; null where none is found. Absent where no series has a level. */
  readonly smallest: Readonly<Record<string, { readonly of_level: number } | { readonly duration_s: number } | null>>;
  /** Series in which hardly anything would be found, by what they are like. */
  readonly nearly_blind: Readonly<Record<string, number>>;
}

export function describeChoice(choice: Choice): ChoiceSummary {
  const { share, budget, detectors, series, curves } = choice;
  return {
    share,
    budget: { episodes: budget.episodes, per_s: budget.perMs / 1000 },
    detectors: detectors.map(({ name, divisor }, d) => ({
      name,
      divisor,
      series: series.filter(({ detector }) => detector === d).length,
    })),
    tried: series.filter(({ measured }) => measured).length,
    smallest: Object.fromEntries(
      curves.flatMap((curve, c): [string, ChoiceSummary["smallest"][string]][] => {
        const usual = usualSmallest(series, curve, c);
        if (usual === undefined) return [];
        if (usual === null) return [[curve.name, null]];
        return [[curve.name, curve.grows === "length" ? { duration_s: usual / 1000 } : { of_level: usual }]];
      }),
    ),
    nearly_blind: Object.fromEntries(blindByTrait(choice)),
  };
}

/** Beside a level that is smaller than this many spreads a share of it says nothing. */
const LEAST_LEVEL = 0.1;

/** Whether a size can be given as a share of the series' level. */
export function hasLevel({ level, spread }: SeriesPower): boolean {
  return Math.abs(level) >= LEAST_LEVEL * spread;
}

/**
 * The smallest incident that is found in the median series: a share (0–1) of its level, or ms; null where none is, undefined where no
 * series has a level.
 */
export function usualSmallest(
  series: readonly SeriesPower[],
  { grows }: CurveEntry,
  c: number,
): number | null | undefined {
  const sizes = series
    .filter((one) => grows === "length" || hasLevel(one))
    .map(({ smallest, spread, level }) => {
      const size = smallest[c] ?? Number.POSITIVE_INFINITY;
      return grows === "length" ? size : (size * spread) / Math.abs(level);
    });
  if (sizes.length === 0) return undefined;
  const middle = sizes.sort((a, b) => a - b)[Math.floor((sizes.length - 1) / 2)];
  return Number.isFinite(middle) ? Number(middle.toPrecision(4)) : null;
}
