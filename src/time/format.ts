/**
 * A moment as ISO 8601 in UTC with `Z`; milliseconds only where there are any.
 *
 * @example formatUtc(1751404445000) // "2025-07-01T21:14:05Z"
 */
export function formatUtc(timeMs: number): string {
  const iso = new Date(timeMs).toISOString();
  return iso.endsWith(".000Z") ? `${iso.slice(0, 19)}Z` : iso;
}
