import { UsageError } from "../errors/errors.js";
import { formatUtc } from "../time/format.js";
import { type InstantContext, parseInstant } from "../time/instant.js";

/**
 * A moment given by an option.
 *
 * @throws UsageError that names the option.
 */
export function parseMoment(flag: string, text: string, context: InstantContext): number {
  try {
    return parseInstant(text, context);
  } catch (thrown) {
    if (thrown instanceof UsageError) throw new UsageError("instant", `${flag}: ${thrown.message}`, { cause: thrown });
    throw thrown;
  }
}

/** `parseMoment`, or undefined where the option was not given. */
export function moment(flag: string, text: string | undefined, context: InstantContext): number | undefined {
  return text === undefined ? undefined : parseMoment(flag, text, context);
}

/** Refuses a range that ends before it begins, or lasts no time. */
export function checkOrder(
  fromMs: number | undefined,
  untilMs: number | undefined,
  names: readonly [from: string, until: string] = ["--from", "--until"],
): void {
  if (fromMs === undefined || untilMs === undefined || fromMs < untilMs) return;
  throw new UsageError("range", `${names[0]} ${formatUtc(fromMs)} must be before ${names[1]} ${formatUtc(untilMs)}`);
}
