import type { ScoredSeries } from "../scored-series.js";

/**
 * A scored series made of whole-number arithmetic only, so that Python makes the same one to the last bit:
 *
 *     def case(seed, n, step, ignore):
 *         x = seed
 *         def u():
 *             nonlocal x
 *             x = (1664525 * x + 1013904223) % 2**32
 *             return x / 2**32
 *         y = np.zeros(n); s = np.zeros(n); v = np.zeros(n)
 *         for _ in range(2 + seed % 5):
 *             a = int(u() * n); y[a:a + 1 + int(u() * 40)] = 1
 *         for i in range(n):
 *             r = u(); z = r * r * r * r * 2 + y[i] * u() * 1.5
 *             s[i] = np.floor(z * 50) / 50 if seed % 2 else z
 *             if u() < 0.02: s[i] = np.nan
 *             v[i] = i % (20 + seed) + u()
 *         return s, y, v, step, ignore
 */
export function seededCase(
  seed: number,
  n: number,
  stepS: number,
  ignoreSlots: number,
): ScoredSeries & { readonly values: Float64Array } {
  let x = seed;
  const u = () => {
    x = (Math.imul(1664525, x) + 1013904223) >>> 0;
    return x / 2 ** 32;
  };
  const label = new Uint8Array(n);
  const score = new Float64Array(n);
  const values = new Float64Array(n);
  for (let k = 0; k < 2 + (seed % 5); k++) {
    const first = Math.trunc(u() * n);
    label.fill(1, first, first + 1 + Math.trunc(u() * 40));
  }
  for (let i = 0; i < n; i++) {
    const r = u();
    const z = r * r * r * r * 2 + label[i] * u() * 1.5;
    score[i] = seed % 2 === 1 ? Math.floor(z * 50) / 50 : z;
    if (u() < 0.02) score[i] = Number.NaN;
    values[i] = (i % (20 + seed)) + u();
  }
  return { stepMs: stepS * 1000, score, label, ignoreSlots, values };
}
