const LONGEST = 60;

/**
 * A value of any kind as a message names it: text in quotes, numbers as they are, anything else as JSON, cut where it is long.
 *
 * For what was parsed from a file: `String(value)` throws on an object that brings its own `toString`.
 */
export function foundValue(value: unknown): string {
  const text = typeof value === "number" ? `${value}` : (JSON.stringify(value) ?? "nothing");
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}
