import type { Labels } from "../series/series.js";

/** What a run can say of one series. Only `ok` is normal. */
export const SERIES_STATES = [
  "ok",
  "anomalous",
  "warming",
  "gap",
  "stale",
  "no_data",
  "unknown_series",
  "failed",
] as const;
export type SeriesState = (typeof SERIES_STATES)[number];

export interface SeriesStatus {
  readonly machine: string;
  readonly aggregator: string;
  readonly series: string;
  /** All of them, as far as they are known; those of a target that brought nothing are the ones that it fixes. */
  readonly labels: Labels;
  readonly state: SeriesState;
  /** Score of the newest slot that was scored; null if none was. */
  readonly score: number | null;
  /** ISO 8601 time and value of the newest slot that holds a value; null if none does. */
  readonly last_at: string | null;
  readonly last_value: number | null;
  /** In words, where the state needs some. */
  readonly reason: string | null;
  /** Of a warming series, when it will be scored if its values keep coming (ISO 8601); absent where that cannot be said. */
  readonly ready_at?: string;
}

/** What a run can say of a group of series; its state is `warming` where no member has a score. */
export interface GroupStatus extends SeriesStatus {
  readonly members: number;
}

/** Whether a line of the states file is of a group. */
export function isGroupStatus(status: SeriesStatus): status is GroupStatus {
  return "members" in status;
}

export type StateTotals = Readonly<Record<SeriesState, number>>;

export function countStates(statuses: readonly SeriesStatus[]): StateTotals {
  const totals = Object.fromEntries(SERIES_STATES.map((state) => [state, 0])) as Record<SeriesState, number>;
  for (const { state } of statuses) totals[state]++;
  return totals;
}

/** When the warming series are ready: the first and the last of them, ISO 8601; undefined where none says it. */
export function readyTimes(
  statuses: readonly SeriesStatus[],
): { readonly first: string; readonly last: string } | undefined {
  const times = statuses.flatMap(({ ready_at }) => ready_at ?? []).sort();
  return times.length === 0 ? undefined : { first: times[0], last: times[times.length - 1] };
}

/** Whether a run has seen values of any series: if not, it failed, and says nothing of what is over. */
export function hasLooked(statuses: readonly SeriesStatus[]): boolean {
  return statuses.some(({ state }) => state !== "failed" && state !== "no_data");
}
