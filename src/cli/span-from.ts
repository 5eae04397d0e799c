import { UsageError } from "../errors/errors.js";
import { checkOrder, moment } from "../runs/moments.js";
import type { InstantContext } from "../time/instant.js";

interface SpanOptions {
  readonly from: string | undefined;
  readonly until: string | undefined;
  readonly silenceFor: number | undefined;
}

/** The span of `--from` (default now) to `--until`, or as long as `--for`. @throws UsageError where its end is not given, or twice. */
export function spanFrom(
  options: SpanOptions,
  context: InstantContext,
): { readonly fromMs: number; readonly untilMs: number } {
  const fromMs = moment("--from", options.from, context) ?? context.nowMs;
  if (options.until !== undefined && options.silenceFor !== undefined) {
    throw new UsageError("range", "--until and --for both say when it ends; give one of them");
  }
  const untilMs =
    moment("--until", options.until, context) ??
    (options.silenceFor === undefined ? undefined : fromMs + options.silenceFor);
  if (untilMs === undefined) throw new UsageError("range", "it needs an end; give --until, or --for such as 2h");
  checkOrder(fromMs, untilMs);
  return { fromMs, untilMs };
}
