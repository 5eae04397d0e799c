/** Values beyond this many spreads count as this: what is computed of them is still finite, in single precision too. */
const FURTHEST = 2 ** 60;

/** A value in spreads from its location, so that one tree speaks of all series; NaN stays NaN. */
export function scaledValue(
  value: number,
  { location, spread }: { readonly location: number; readonly spread: number },
): number {
  return Math.max(-FURTHEST, Math.min(FURTHEST, (value - location) / spread));
}
