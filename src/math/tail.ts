import { quantileSorted } from "./quantile.js";

/** Below this share the sample itself is trusted; above it a few incidents among the data could set the threshold. */
const BODY = 0.95;
/** How far the sample may go beyond what its body says: ordinary rare events do, incidents go much further. */
const BENEFIT_OF_DOUBT = 2;

/**
 * A high quantile of a sample that may hold a few per cent of incidents: the sample's own quantile, but no more than twice
 * what the sample's body says of its tail.
 *
 * The tail above the body is a generalised Pareto whose shape comes from Pickands' estimator on the exceedances of the
 * 80–95 % part (q80, q87.5+, q95 in equal steps of log survival), held to [0, 0.5]: 0 is an exponential tail, above 0.5
 * the variance would be infinite. Incidents beyond the body then cannot raise the threshold, while a tail that is
 * heavy in the body keeps its weight.
 *
 * Source: Pickands, "Statistical inference using extreme order statistics", Ann. Statist. 3 (1975).
 *
 * @param sorted ascending, finite. @param p 0–1, below 1.
 * @returns NaN for no values; the plain quantile where `p` lies in the body.
 */
export function tailQuantile(sorted: ArrayLike<number>, p: number): number {
  const plain = quantileSorted(sorted, p);
  if (p <= BODY || sorted.length === 0) return plain;
  // Survival 0.20, 0.10, 0.05: each half of the one before, as the estimator wants.
  const q1 = quantileSorted(sorted, 0.8);
  const q2 = quantileSorted(sorted, 0.9);
  const q3 = quantileSorted(sorted, BODY);
  const ratio = (q3 - q2) / (q2 - q1);
  const shape = Number.isFinite(ratio) && ratio > 0 ? Math.min(0.5, Math.max(0, Math.log2(ratio))) : 0;
  const halvings = Math.log2((1 - BODY) / (1 - Math.min(p, 1 - 1e-9)));
  // From q3 on, each halving of the survival adds (q3 − q2) · 2^shape, growing by 2^shape a halving.
  const growth = 2 ** shape;
  const factor = shape < 1e-6 ? halvings : (growth * (growth ** halvings - 1)) / (growth - 1);
  const extrapolated = q3 + (q3 - q2) * factor;
  // Beyond the largest value seen the sample says nothing of its own.
  const supported = p <= 1 - 1 / sorted.length;
  return supported ? Math.min(plain, BENEFIT_OF_DOUBT * extrapolated) : Math.max(plain, extrapolated);
}
