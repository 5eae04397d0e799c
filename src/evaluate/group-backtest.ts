import { DEFAULT_KNOBS } from "../anomalies/knobs.js";
import { byGroup } from "../groups/group-key.js";
import { GROUP_DETECTOR, groupRecords } from "../groups/group-records.js";
import { GroupWatch } from "../groups/group-watch.js";
import type { AnomalyRecord } from "../records/record.js";
import { isExcluded } from "../series/exclude.js";
import { endMs, type Labels, seriesKey } from "../series/series.js";
import { alarmMetrics } from "./alarm-metrics.js";
import { type AlarmSummary, alarmSummary } from "./alarm-summary.js";
import type { BacktestResult } from "./run-backtest.js";
import { ignoredSlots } from "./scored-series.js";

/** One group after the replay of its members. */
export interface GroupResult {
  readonly key: string;
  readonly labels: Labels;
  readonly members: number;
  readonly startMs: number;
  readonly stepMs: number;
  /** By slot; NaN where it has none. */
  readonly score: Float64Array;
  /** Against the labels of any of its members; without labels only alarms are counted. */
  readonly isLabelled: boolean;
  readonly figures: AlarmSummary;
  readonly records: readonly AnomalyRecord[];
}

const ORIGIN = { job: null, model_version: null, threshold: null, threshold_divisor: null };

/**
 * Scores the groups of series that were replayed, slot by slot as `infer` does. Series of one group on several steps are several groups.
 *
 * @param by labels that the members of a group share; series without one of them are in no group.
 */
export function groupResults(
  results: readonly BacktestResult[],
  by: readonly string[],
  ignoreMs: number,
  detector: string,
): readonly GroupResult[] {
  const all = results.map((result) => ({ ...result, labels: result.input.series.labels }));
  return byGroup(all, by).flatMap((group) => {
    const steps = [...new Set(group.members.map(({ input }) => input.series.stepMs))];
    return steps.map((stepMs) =>
      groupResult({ ...group, members: group.members.filter(({ input }) => input.series.stepMs === stepMs) }, stepMs, {
        ignoreMs,
        detector,
      }),
    );
  });
}

function groupResult(
  group: { readonly key: string; readonly labels: Labels; readonly members: readonly BacktestResult[] },
  stepMs: number,
  { ignoreMs, detector }: { readonly ignoreMs: number; readonly detector: string },
): GroupResult {
  const members = group.members
    .map((member) => ({ ...member, key: seriesKey(member.input.series.labels) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const keys = members.map(({ key }) => key);
  const startMs = Math.min(...members.map(({ input }) => input.series.startMs));
  const untilMs = Math.max(...members.map(({ input }) => endMs(input.series)));
  const score = new Float64Array((untilMs - startMs) / stepMs);
  const label = new Uint8Array(score.length);
  const watch = new GroupWatch(stepMs, DEFAULT_KNOBS.mergeGapMs);
  const values = new Float64Array(keys.length);
  const scores = new Float64Array(keys.length);
  const leftOut = new Uint8Array(keys.length);
  const firsts = members.map(({ input }) => (input.series.startMs - startMs) / stepMs);
  for (let i = 0; i < score.length; i++) {
    for (const [m, { input, scored, leftOut: spans }] of members.entries()) {
      const at = i - firsts[m];
      values[m] = input.series.values[at] ?? Number.NaN;
      scores[m] = scored.score[at] ?? Number.NaN;
      if (input.label?.[at] === 1) label[i] = 1;
      leftOut[m] = isExcluded(spans, startMs + i * stepMs, stepMs) ? 1 : 0;
    }
    watch.push(startMs + i * stepMs, { keys, values, scores, leftOut });
    score[i] = watch.score;
  }
  const counted = alarmMetrics({ stepMs, score, label, ignoreSlots: ignoredSlots(ignoreMs, stepMs) });
  return {
    key: group.key,
    labels: group.labels,
    members: members.length,
    startMs,
    stepMs,
    score,
    isLabelled: members.some(({ input }) => input.label !== null),
    figures: alarmSummary([counted]),
    records: groupRecords(watch.episodes, {
      group,
      members: members.map(({ key, leftOut: own, input: { series } }) => ({
        key,
        name: series.name,
        labels: series.labels,
        unit: series.unit,
        target: series.name,
        leftOut: own,
        origin: { ...ORIGIN, detector, model: detector },
      })),
      stepMs,
      range: { startMs: startMs + ignoreMs, endMs: untilMs },
      mergeGapMs: DEFAULT_KNOBS.mergeGapMs,
      minDurationMs: 0,
      origin: { ...ORIGIN, detector: GROUP_DETECTOR, model: GROUP_DETECTOR },
      unit: null,
      known: [],
      // What a run at the end of the data would have found.
      detectedAtMs: untilMs,
    }),
  };
}
