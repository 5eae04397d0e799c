/**
 * The nearest whole number; of two equally near the even one, as Python's `round` and numpy's `rint` do. `Math.round` would
 * put 2.5 slots on 3 where the reference scorer has 2.
 */
export function roundHalfEven(x: number): number {
  const below = Math.floor(x);
  const fraction = x - below;
  if (fraction !== 0.5) return fraction < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}
