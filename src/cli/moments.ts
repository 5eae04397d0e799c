import { UsageError } from "../errors/errors.js";
import { type InstantContext, parseInstant } from "../time/instant.js";

/**
 * A moment given by an option, or undefined where it was not given.
 *
 * @throws UsageError that names the option.
 */
export function moment(flag: string, text: string | undefined, context: InstantContext): number | undefined {
  if (text === undefined) return undefined;
  try {
    return parseInstant(text, context);
  } catch (thrown) {
    if (thrown instanceof UsageError) throw new UsageError("instant", `${flag}: ${thrown.message}`, { cause: thrown });
    throw thrown;
  }
}

/** Refuses a range that ends before it begins. */
export function checkOrder(fromMs: number | undefined, untilMs: number | undefined): void {
  if (fromMs === undefined || untilMs === undefined || fromMs < untilMs) return;
  const shown = (ms: number) => new Date(ms).toISOString();
  throw new UsageError("range", `--from ${shown(fromMs)} must be before --until ${shown(untilMs)}`);
}
