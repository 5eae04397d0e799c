import type { Labels, TimeRange } from "../series/series.js";
import { roughDuration } from "../wording/rough-duration.js";
import type { KnownEvent } from "./known-event.js";
import { type Matched, type Matcher, matchesAll, parseMatchers } from "./matcher.js";
import type { AnomalyRecord } from "./record.js";

interface OpenedEvent {
  readonly event: KnownEvent;
  readonly matchers: readonly Matcher[];
  readonly fromMs: number;
  readonly untilMs: number;
}

function opened(events: readonly KnownEvent[]): readonly OpenedEvent[] {
  return events
    .map((event) => ({
      event,
      matchers: parseMatchers(event.matchers),
      fromMs: Date.parse(event.from),
      untilMs: Date.parse(event.until),
    }))
    .sort((a, b) => a.fromMs - b.fromMs || (a.event.id < b.event.id ? -1 : 1));
}

/**
 * The records with what the events say of them; without events the records themselves. A record is in a maintenance while all of it is, give
 * or take a slot: what continues afterwards alerts. The newest deployment that a record begins in is its likely cause, and the last of its reasons.
 */
export function withEvents(records: readonly AnomalyRecord[], events: readonly KnownEvent[]): readonly AnomalyRecord[] {
  if (events.length === 0) return records;
  const known = opened(events);
  return records.map((record) => {
    const touching = known.filter((one) => concerns(one, record) && matchesAll(one.matchers, record));
    return touching.length === 0 ? record : { ...record, ...effectsOf(touching, record) };
  });
}

function concerns({ event, fromMs, untilMs }: OpenedEvent, { start, end, step_s }: AnomalyRecord): boolean {
  const startMs = Date.parse(start);
  // A slot is named by its begin: the one in which the event came has begun before it.
  if (event.kind === "deploy") return startMs + step_s * 1000 > fromMs && startMs < untilMs;
  return startMs < untilMs && Date.parse(end) > fromMs;
}

function effectsOf(touching: readonly OpenedEvent[], record: AnomalyRecord): Partial<AnomalyRecord> {
  const stepMs = record.step_s * 1000;
  const startMs = Date.parse(record.start);
  const maintenance = touching.find(
    ({ event, fromMs, untilMs }) =>
      event.kind === "maintenance" && startMs + stepMs > fromMs && Date.parse(record.end) <= untilMs + stepMs,
  )?.event;
  const deploy = touching.findLast(({ event }) => event.kind === "deploy");
  const cause = deploy && causeWords(deploy, startMs);
  return {
    events: touching.map(({ event: { id, kind, from, until, note } }) => ({ id, kind, from, until, note })),
    ...(maintenance && { suppressed_by: { event: maintenance.id, kind: "maintenance", note: maintenance.note } }),
    ...(cause && { likely_cause: cause, reasons: [...record.reasons, cause] }),
  };
}

const MINUTE_S = 60;

function causeWords({ event: { note }, fromMs }: OpenedEvent, startMs: number): string {
  const seconds = Math.floor((startMs - fromMs) / 1000);
  const what = note === null ? "a deployment" : `deploy ${note}`;
  return seconds < MINUTE_S ? `at ${what}` : `${roughDuration(seconds - (seconds % MINUTE_S))} after ${what}`;
}

/** A series as far as matchers ask for it. */
type Named = Pick<Matched, "labels"> & { readonly name: string };

/**
 * The spans of a series that nothing is to be learned from: its maintenances and holidays. A deployment is learned: what it changed stays.
 *
 * @param events as they are known. @returns for each series its spans, in no order.
 */
export function notLearned(events: readonly KnownEvent[]): (series: Named) => readonly TimeRange[] {
  const known = opened(events.filter(({ kind }) => kind !== "deploy"));
  return ({ labels, name }) => {
    const matched = { labels, series: name, ...named(labels) };
    return known.flatMap(({ matchers, fromMs, untilMs }) =>
      matchesAll(matchers, matched) ? [{ startMs: fromMs, endMs: untilMs }] : [],
    );
  };
}

const named = ({ machine, aggregator }: Labels) => ({
  ...(machine !== undefined && { machine }),
  ...(aggregator !== undefined && { aggregator }),
});
