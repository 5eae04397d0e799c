/*
 * What a value is that was parsed from a file or a reply: it can be anything, whatever its type says.
 */

/** Neither null nor a list. */
export function isObject<T>(value: T): value is T & object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A finite number above 0. */
export function isPositive(value: unknown): value is number {
  return typeof value === "number" && value > 0 && Number.isFinite(value);
}
