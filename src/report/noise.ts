import { median } from "../math/median.js";
import type { AnomalyRecord } from "../records/record.js";
import { type Labels, seriesKey } from "../series/series.js";

/** How much one series pages. */
export interface NoisySeries {
  readonly machine: string;
  readonly aggregator: string;
  readonly series: string;
  readonly labels: Labels;
  readonly episodes: number;
  /** Of all episodes of the period, 0–1. */
  readonly share: number;
  readonly median_score: number;
  readonly median_duration_s: number;
  /** Closed episodes of at most two slots whose score stayed under 1.5: little lost if they had not paged. */
  readonly weak: number;
}

const WEAK_SCORE = 1.5;
const WEAK_SLOTS = 2;

/** Who pages most, the most episodes first; series with one episode page nobody often and are left out. */
export function noiseRanking(records: readonly AnomalyRecord[]): NoisySeries[] {
  const bySeries = new Map<string, AnomalyRecord[]>();
  for (const record of records) {
    const key = seriesKey(record.labels);
    const members = bySeries.get(key);
    if (members === undefined) bySeries.set(key, [record]);
    else members.push(record);
  }
  return [...bySeries.values()]
    .filter((members) => members.length > 1)
    .map((members) => ({
      machine: members[0].machine,
      aggregator: members[0].aggregator,
      series: members[0].series,
      labels: members[0].labels,
      episodes: members.length,
      share: Number((members.length / records.length).toPrecision(4)),
      median_score: Number(median(members.map(({ score }) => score)).toPrecision(4)),
      median_duration_s: median(members.map(({ duration_s }) => duration_s)),
      weak: members.filter(isWeak).length,
    }))
    .sort((a, b) => b.episodes - a.episodes || b.weak - a.weak || (a.series < b.series ? -1 : 1));
}

export function isWeak({ status, score, duration_s, step_s }: AnomalyRecord): boolean {
  return status === "closed" && score < WEAK_SCORE && duration_s <= WEAK_SLOTS * step_s;
}
