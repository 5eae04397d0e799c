import { formatDuration, SECOND_MS } from "../time/duration.js";
import type { Finding } from "./finding.js";

/** A few seconds do no harm: slots are minutes long. */
const SKEW_MS = 5 * SECOND_MS;

/**
 * Whether the server's clock and ours agree, by the `Date` of an answer, which is cut to seconds.
 *
 * @param date the header; undefined where there is none. @param sentMs, @param gotMs our clock around the request.
 */
export function checkClock(date: string | undefined, sentMs: number, gotMs: number): Finding {
  const theirsMs = Date.parse(date ?? "");
  if (Number.isNaN(theirsMs))
    return { check: "clock", verdict: "unknown", says: "the server does not report its time" };
  // The server's second was cut somewhere between sending and getting.
  const earlyMs = Math.max(0, sentMs - SECOND_MS - theirsMs);
  const lateMs = Math.max(0, theirsMs - gotMs);
  const skewMs = Math.max(earlyMs, lateMs);
  if (skewMs <= SKEW_MS) return { check: "clock", verdict: "ok", says: "both clocks agree within seconds" };
  const side = lateMs > 0 ? "ahead of" : "behind";
  return {
    check: "clock",
    verdict: "warning",
    says: `the server's clock is ${formatDuration(skewMs)} ${side} ours; set both by NTP, or the newest values seem missing`,
  };
}
