/** When to try again, and how long to wait; all numbers in ms. */
export interface RetryPolicy {
  /** Tries after the first. */
  readonly retries: number;
  readonly baseMs: number;
  readonly longestMs: number;
}

/** Half a second, doubled each time, at most 30 s: a server that restarts is back by the fourth try. */
export const DEFAULT_RETRY: RetryPolicy = { retries: 3, baseMs: 500, longestMs: 30_000 };

/**
 * How long to wait before try `attempt` (1 is the first retry): a random part of the doubled base ("full jitter"), so
 * that many clients do not come back at one moment; at least what the server requested in Retry-After.
 *
 * Source: Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
export function retryDelayMs(policy: RetryPolicy, attempt: number, random: () => number, retryAfterMs = 0): number {
  const ceiling = Math.min(policy.longestMs, policy.baseMs * 2 ** (attempt - 1));
  return Math.max(retryAfterMs, Math.round(random() * ceiling));
}

/** Retry-After, as seconds or as an HTTP date → ms from now; 0 where it is absent or cannot be read. */
export function parseRetryAfter(header: string | undefined, nowMs: number): number {
  if (header === undefined) return 0;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const dateMs = Date.parse(header);
  return Number.isNaN(dateMs) ? 0 : Math.max(0, dateMs - nowMs);
}
