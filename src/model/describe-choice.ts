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
  /** Of the median series, by shape and duration: a share of its level, or a length; null where none is found. */
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
      curves.map((curve, c) => {
        const usual = usualSmallest(series, curve, c);
        if (usual === null) return [curve.name, null];
        return [curve.name, curve.grows === "length" ? { duration_s: usual / 1000 } : { of_level: usual }];
      }),
    ),
    nearly_blind: Object.fromEntries(blindByTrait(choice)),
  };
}

/** The smallest incident that is found in the median series: a share (0–1) of its level, or ms; null where none is. */
export function usualSmallest(series: readonly SeriesPower[], { grows }: CurveEntry, c: number): number | null {
  const sizes = series.map(({ smallest, spread, level }) => {
    const size = smallest[c] ?? Number.POSITIVE_INFINITY;
    return grows === "length" ? size : (size * spread) / Math.abs(level);
  });
  const middle = sizes.sort((a, b) => a - b)[Math.floor((sizes.length - 1) / 2)];
  return Number.isFinite(middle) ? Number(middle.toPrecision(4)) : null;
}
