import { seriesKey } from "../../series/series.js";
import type { JudgedEpisode, Look } from "../judged.js";
import { featuresOf } from "./features.js";
import { type CheckedForest, checkedForest, grownFrom } from "./forest.js";
import type { Learn, Row } from "./grow.js";

/** The chance (0–1) that people call an episode real; undefined where too few verdicts were given before it, or the check failed. */
export type Confidence = (episode: Look) => number | undefined;

/** Forests that were grown before, by what they were grown from. A process that runs often keeps one of these. */
export type GrownForests = Map<string, CheckedForest>;

/** A backtest over years comes back to each of them with every series. */
const MOST_KEPT = 64;

export interface OpenConfidence {
  readonly of: Confidence;
  /** The forest of an episode that alarms now; undefined with too few verdicts. */
  readonly newest: () => CheckedForest | undefined;
  /** What that forest was grown from. */
  readonly rows: () => readonly Row[];
}

/**
 * Estimates from verdicts. An episode's chance comes from the verdicts that were given before it alarmed: what people say of it, and what is held
 * back because of it, never reaches its own estimate. What is expected is neither real nor a false alarm.
 */
export function openConfidence(
  judged: readonly JudgedEpisode[],
  { grown = new Map(), learn }: { readonly grown?: GrownForests; readonly learn?: Learn } = {},
): OpenConfidence {
  const said = judged
    .filter(({ verdict }) => verdict !== "expected")
    .map((one) => ({ one, atMs: Date.parse(one.at), key: keyOf(one.look) }))
    .sort((a, b) => a.atMs - b.atMs || (a.one.id < b.one.id ? -1 : 1));
  const bySeries = new Map<string, typeof said>();
  for (const one of said) bySeries.set(one.key, [...(bySeries.get(one.key) ?? []), one]);
  const rows = new Map<number, Row>();

  const seenOf = (episode: Look): readonly number[] => {
    const alertedMs = Date.parse(episode.alerted_at);
    const before = said.slice(0, countBefore(alertedMs));
    const real = before.filter(({ one }) => one.verdict === "true").length;
    const own = (bySeries.get(keyOf(episode)) ?? []).filter(({ atMs }) => atMs <= alertedMs);
    return featuresOf(
      episode,
      own.map(({ one }) => one),
      (real + 1) / (before.length + 2),
    );
  };
  const countBefore = (ms: number) => {
    const first = said.findIndex(({ atMs }) => atMs > ms);
    return first < 0 ? said.length : first;
  };
  const rowOf = (i: number): Row => {
    const known = rows.get(i);
    if (known !== undefined) return known;
    const { look, verdict } = said[i].one;
    const row: Row = { seen: seenOf(look), real: verdict === "true" ? 1 : 0 };
    rows.set(i, row);
    return row;
  };
  const forestOf = (verdicts: number): CheckedForest | undefined => {
    const size = grownFrom(verdicts);
    if (size === 0) return undefined;
    const name = said
      .slice(0, size)
      .map(({ one: { id, verdict, at } }) => `${id} ${verdict} ${at}`)
      .join("\n");
    const known = grown.get(name);
    if (known !== undefined) return known;
    const made = checkedForest(
      Array.from({ length: size }, (_, i) => rowOf(i)),
      learn,
    );
    grown.set(name, made);
    for (const oldest of grown.keys()) {
      if (grown.size <= MOST_KEPT) break;
      grown.delete(oldest);
    }
    return made;
  };

  return {
    of: (episode) => {
      const forest = forestOf(countBefore(Date.parse(episode.alerted_at)))?.forest;
      return forest ? Number(forest.chance(seenOf(episode)).toFixed(2)) : undefined;
    },
    newest: () => forestOf(said.length),
    rows: () => Array.from({ length: grownFrom(said.length) }, (_, i) => rowOf(i)),
  };
}

const keyOf = ({ labels, series }: Look) => `${seriesKey(labels)}\n${series}`;
