import type { Choice, SeriesPower, Trait } from "./choice.js";

/** A series in which fewer than three of ten incidents would be found: whoever relies on it should know. */
const BLIND_POWER = 0.3;

export function isNearlyBlind({ power }: SeriesPower): boolean {
  return power < BLIND_POWER;
}

/** Why so little would be found in a series of a trait, in words. */
export const BLIND_BECAUSE: Readonly<Record<Trait, string>> = {
  steady: "incidents look like its ordinary days",
  noisy: "noisy: each value says little of the next",
  spiky: "spiky: ordinary peaks are as high as incidents",
  sparse: "sparse: too few values, or mostly zero",
  constant: "constant: it hardly ever changes",
  short: "too short to be tried",
};

/** How many series of each trait are nearly blind, the most first. */
export function blindByTrait({ series }: Pick<Choice, "series">): readonly (readonly [trait: Trait, count: number])[] {
  const counts = new Map<Trait, number>();
  for (const one of series) if (isNearlyBlind(one)) counts.set(one.trait, (counts.get(one.trait) ?? 0) + 1);
  return [...counts].sort(([a, most], [b, other]) => other - most || (a < b ? -1 : 1));
}
