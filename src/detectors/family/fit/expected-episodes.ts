import { DAY_MS } from "../../../time/duration.js";

/**
 * False alarms to expect from all series together in `perMs`, from the share of ordinary series-days that hold one.
 *
 * Episodes are taken as Poisson: a share q of days with at least one means −ln(1 − q) episodes a day.
 *
 * @param dailyMaxima sorted ascending. @param score the threshold on the same scale.
 */
export function expectedEpisodes(
  dailyMaxima: ArrayLike<number>,
  score: number,
  seriesCount: number,
  perMs: number,
): number {
  const days = dailyMaxima.length;
  // A family that never strays has a threshold of 0, which every day would reach.
  if (days === 0 || !(score > 0)) return 0;
  let above = 0;
  while (above < days && dailyMaxima[days - 1 - above] >= score) above++;
  // A share of 1 would be infinitely many; half a day short of it is the most that this many days can show.
  const share = Math.min(above / days, 1 - 0.5 / days);
  return (-Math.log(1 - share) * seriesCount * perMs) / DAY_MS;
}
