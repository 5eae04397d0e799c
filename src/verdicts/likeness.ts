import { DAY_MS, HOUR_MS } from "../time/duration.js";
import type { Look } from "./judged.js";

/** What repeats daily begins within this of its hour: one standard deviation. Measured in bench/quality, as are the next two. */
const NEAR_MS = HOUR_MS / 2;
/** How much an episode of another kind counts: a spike that lasts becomes a level shift. */
const OTHER_KIND = 0.5;

/**
 * How alike two episodes of one series look, from 0 to 1: by direction, kind and time of day (UTC).
 *
 * @param share what counts at the same time of day, and at another one, from 0 to 1.
 */
export function likeness(a: Look, b: Look, share: { readonly near: number; readonly far: number }): number {
  if (a.direction !== b.direction) return 0;
  const near = Math.exp(-((hoursApartMs(a.start, b.start) / NEAR_MS) ** 2) / 2);
  return (a.kind === b.kind ? 1 : OTHER_KIND) * (share.far + (share.near - share.far) * near);
}

/** How far two times of day (UTC) are apart, at most twelve hours. */
export function hoursApartMs(a: string, b: string): number {
  const apartMs = Math.abs((Date.parse(a) % DAY_MS) - (Date.parse(b) % DAY_MS));
  return Math.min(apartMs, DAY_MS - apartMs);
}
