import { checkOrder, moment } from "../../runs/moments.js";
import type { TimeRange } from "../../series/series.js";
import { checkTimezone } from "../../time/timezone.js";
import type { CommandContext } from "../commands/spec.js";

/** What `--from` and `--until` say; an end that is not given is open. @throws UsageError for what cannot be read. */
export function askedRange({
  options,
  streams,
}: Pick<CommandContext<"train">, "options" | "streams">): Partial<TimeRange> {
  const instant = { nowMs: streams.nowMs(), timezone: checkTimezone(options.timezone ?? "UTC") };
  const startMs = moment("--from", options.from, instant);
  const endMs = moment("--until", options.until, instant);
  checkOrder(startMs, endMs);
  return { startMs, endMs };
}
