import { notLearned } from "../../records/events.js";
import { exclude } from "../../series/exclude.js";
import type { TimeRange } from "../../series/series.js";
import { type StoredSeries, storedEndMs, storeShared, takeSlots } from "../../shelf/stored-series.js";
import { count } from "../../wording/count.js";
import type { CommandContext } from "../commands/spec.js";
import { knownEvents } from "../known-events.js";
import type { TrainingHistory } from "./training-history.js";

/**
 * The history without the maintenances and holidays that concern single series, and the spans of those that concern all, which are left out while
 * learning. Without events it is the history itself.
 */
export async function withoutEvents(
  context: CommandContext<"train">,
  history: TrainingHistory,
): Promise<{ readonly history: TrainingHistory; readonly everywhere: readonly TimeRange[] }> {
  const events = (await knownEvents(context, spanOf(history.series))).filter(({ kind }) => kind !== "deploy");
  if (events.length === 0) return { history, everywhere: [] };
  const ofAll = events.filter(({ matchers }) => matchers.length === 0);
  const spansOf = notLearned(events.filter(({ matchers }) => matchers.length > 0));
  let touched = 0;
  const series = history.series.map((one): StoredSeries => {
    const spans = spansOf(one).filter(({ startMs, endMs }) => startMs < storedEndMs(one) && endMs > one.startMs);
    if (spans.length === 0) return one;
    touched++;
    return storeShared(exclude(takeSlots(one), spans));
  });
  const where = ofAll.length > 0 ? "all series" : count(touched, "series", "series");
  context.log.info(`${count(events.length, "event")} (maintenance, holiday) left out of what is learned, in ${where}`);
  const everywhere = ofAll.map(({ from, until }) => ({ startMs: Date.parse(from), endMs: Date.parse(until) }));
  return { history: { ...history, series }, everywhere };
}

function spanOf(series: readonly StoredSeries[]): TimeRange {
  return series.reduce(
    (span, one) => ({ startMs: Math.min(span.startMs, one.startMs), endMs: Math.max(span.endMs, storedEndMs(one)) }),
    { startMs: Number.POSITIVE_INFINITY, endMs: Number.NEGATIVE_INFINITY },
  );
}
