import type { AnomalyRecord } from "../records/record.js";
import { findByLabels } from "../series/find-by-labels.js";
import type { Labels, Series, TimeRange } from "../series/series.js";
import { seriesKey } from "../series/series.js";
import type { FetchResult, Target } from "../sources/source.js";

/** One record and the time that must be fetched for it. */
export interface Need {
  readonly record: AnomalyRecord;
  readonly range: TimeRange;
}

/** Records that one request serves. */
export interface FetchGroup {
  readonly needs: readonly Need[];
  readonly targets: readonly Target[];
  readonly range: TimeRange;
  readonly stepMs: number;
}

/** A joint request may reach half as far again as its longest record alone: more would fetch mostly what nobody needs. */
const STRETCH = 1.5;
/** Targets in one request; the source may split it further. */
const MAX_TARGETS = 100;

/** Puts records of one step whose times lie near each other into one request, each target once. */
export function fetchGroups(needs: readonly Need[]): FetchGroup[] {
  const sorted = needs.toSorted(
    (a, b) => a.record.step_s - b.record.step_s || a.range.startMs - b.range.startMs || a.range.endMs - b.range.endMs,
  );
  const groups: Need[][] = [];
  let union: TimeRange = { startMs: 0, endMs: 0 };
  let longest = 0;
  let targets = new Set<string>();
  for (const need of sorted) {
    const group = groups.at(-1);
    const length = need.range.endMs - need.range.startMs;
    const joined = {
      startMs: Math.min(union.startMs, need.range.startMs),
      endMs: Math.max(union.endMs, need.range.endMs),
    };
    const fits =
      group !== undefined &&
      group[0].record.step_s === need.record.step_s &&
      joined.endMs - joined.startMs <= STRETCH * Math.max(longest, length) &&
      (targets.has(targetKey(need.record)) || targets.size < MAX_TARGETS);
    if (fits) {
      group.push(need);
      union = joined;
      longest = Math.max(longest, length);
    } else {
      groups.push([need]);
      union = need.range;
      longest = length;
      targets = new Set();
    }
    targets.add(targetKey(need.record));
  }
  return groups.map(toGroup);
}

function toGroup(needs: readonly Need[]): FetchGroup {
  const targets = new Map<string, Target>();
  for (const { record } of needs) {
    if (!targets.has(targetKey(record))) {
      targets.set(targetKey(record), { expression: record.target, labels: record.labels });
    }
  }
  return {
    needs,
    targets: [...targets.values()],
    range: {
      startMs: Math.min(...needs.map((need) => need.range.startMs)),
      endMs: Math.max(...needs.map((need) => need.range.endMs)),
    },
    stepMs: needs[0].record.step_s * 1000,
  };
}

/**
 * The record's own series among those of a reply, or the reason why it is not there: the one with its labels, else one that a
 * source which names its labels in another way gives for it. A series that says something else in any label is never taken.
 */
export function seriesFor(record: AnomalyRecord, group: FetchGroup, result: FetchResult): Series | string {
  const sameKey = findByLabels(result.series, record.labels);
  if (sameKey !== undefined) return sameKey;
  const possible = result.series.filter(({ labels }) => contradictions(record.labels, labels).every(isReadFromName));
  const sameNames = possible.filter(
    ({ labels }) => labels["machine"] === record.machine && labels["aggregator"] === record.aggregator,
  );
  if (sameNames.length === 1) return sameNames[0];
  const sameName = possible.filter((series) => series.name === record.series || series.name === record.target);
  if (sameName.length === 1) return sameName[0];
  if (group.targets.length === 1 && result.series.length === 1 && possible.length === 1) return possible[0];
  const problem = result.problems.find(
    ({ target }) => targetKey({ ...target, target: target.expression }) === targetKey(record),
  );
  return problem?.reason ?? `the source answered without the series of "${record.target}"`;
}

/** Labels of which both sides say something, and not the same. */
function contradictions(labels: Labels, others: Labels): string[] {
  return Object.keys(labels).filter((name) => others[name] !== undefined && others[name] !== labels[name]);
}

/** What names are read into differs between sources; all other labels are the series' own. */
const isReadFromName = (label: string) => label === "machine" || label === "aggregator";

function targetKey(of: { readonly target: string; readonly labels: Target["labels"] }): string {
  return JSON.stringify([of.target, seriesKey(of.labels)]);
}
