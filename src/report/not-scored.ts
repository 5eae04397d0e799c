import type { SeriesState, SeriesStatus } from "../records/status.js";

/** Series of one state for one reason. */
export interface NotScored {
  readonly state: SeriesState;
  readonly reason: string;
  readonly series: readonly { readonly machine: string; readonly aggregator: string; readonly series: string }[];
}

/** An empty name would be found between all letters. */
const NOTHING = "\u0000";

/** What was said of them at most differs in figures: one line says it for all. */
const STATE_WORDS: Readonly<Partial<Record<SeriesState, string>>> = {
  warming: "too little history to be judged",
  gap: "not enough recent values to be judged",
  stale: "the newest value is old",
  no_data: "no value in the time looked at",
  unknown_series: "the model does not know it, and --unknown skip is set",
  failed: "could not be fetched",
};

/** The series that are neither ok nor anomalous, by state and reason, the most series first. */
export function notScored(statuses: readonly SeriesStatus[]): NotScored[] {
  const groups = new Map<string, { state: SeriesState; reason: string; series: NotScored["series"][number][] }>();
  for (const { state, reason, machine, aggregator, series } of statuses) {
    if (state === "ok" || state === "anomalous") continue;
    const words = reason ?? STATE_WORDS[state] ?? state;
    // `no value since 2025-07-01T10:00Z` of fifty series is one reason.
    const key = `${state} ${words
      .replace(/\d+/g, "#")
      .replaceAll(series || NOTHING, "*")
      .replaceAll(machine || NOTHING, "*")}`;
    const group = groups.get(key) ?? { state, reason: words, series: [] };
    group.series.push({ machine, aggregator, series });
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.series.length - a.series.length || (a.state < b.state ? -1 : 1));
}
