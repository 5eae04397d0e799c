import type { Knobs } from "../anomalies/knobs.js";
import type { MemberPoints } from "../anomalies/points.js";
import { byGroup } from "../groups/group-key.js";
import { GROUP_DETECTOR, groupRecords, type LookedMember } from "../groups/group-records.js";
import { GroupWatch } from "../groups/group-watch.js";
import type { KnownEpisode } from "../records/identity.js";
import type { RecordOrigin } from "../records/origin.js";
import type { AnomalyRecord } from "../records/record.js";
import type { GroupStatus } from "../records/status.js";
import { isExcluded } from "../series/exclude.js";
import type { Series, TimeRange } from "../series/series.js";
import type { Checkpoints } from "../store/run/run-store.js";
import type { Turns } from "../threads/turns.js";
import { formatUtc } from "../time/format.js";
import { isRestored } from "../watch/observe.js";
import { checkpointMs } from "../watch/watched.js";
import { count } from "../wording/count.js";

/** A member with its newly scored slots. */
export interface ScoredMember extends LookedMember {
  readonly points: MemberPoints;
  /** As fetched; only the slots that are in `points` count. */
  readonly series: Pick<Series, "startMs" | "values">;
}

export interface GroupsRequest {
  /** Labels that the members of a group share. */
  readonly by: readonly string[];
  readonly members: readonly ScoredMember[];
  readonly stepMs: number;
  readonly range: TimeRange;
  readonly knobs: Pick<Knobs, "mergeGapMs" | "minDurationMs">;
  readonly origin: RecordOrigin;
  readonly unit: string | null;
  readonly known: readonly KnownEpisode[];
  readonly detectedAtMs: number;
  /** What is remembered of the groups; undefined: nothing is. */
  readonly store: Checkpoints | undefined;
  readonly turns: Turns;
}

export interface LookedGroups {
  readonly records: readonly AnomalyRecord[];
  readonly statuses: readonly GroupStatus[];
}

/** Slots between two pauses. */
const PAUSE_SLOTS = 500;

/**
 * Looks at groups once their members are scored: from where a group stood, or from where its members' slots begin. What is said is the same
 * either way.
 */
export async function lookAtGroups(request: GroupsRequest): Promise<LookedGroups> {
  const { by, stepMs, range, knobs, store } = request;
  const states = new Map<string, { readonly state: Uint8Array; readonly atMs: number }>();
  for (const { key, watched } of store?.each() ?? []) {
    if (watched.scorer instanceof Uint8Array) {
      states.set(key, { state: watched.scorer.slice(), atMs: watched.checkpointMs });
    }
  }
  const records: AnomalyRecord[] = [];
  const statuses: GroupStatus[] = [];
  for (const group of byGroup(request.members, by)) {
    const members = group.members.toSorted((a, b) => (a.key < b.key ? -1 : 1));
    const watch = new GroupWatch(stepMs, knobs.mergeGapMs);
    const known = states.get(group.key);
    const fromMs =
      (known && isRestored(watch, known.state) ? known.atMs : undefined) ??
      Math.min(...members.map(({ points }) => points.startMs));
    const state = await pushAll(watch, members, fromMs, request);
    if (state !== undefined && store !== undefined) {
      store.put(group.key, {
        startMs: 0,
        checkpointMs: checkpointMs(range.endMs, stepMs),
        scorer: state,
        tail: new Float64Array(),
        last: null,
        gapSlots: 0,
        fromMs: range.startMs,
        trace: null,
      });
    }
    const own = groupRecords(watch.episodes, { ...request, ...knobs, group, members });
    records.push(...own);
    statuses.push(statusOf(group, watch.score, own, request));
  }
  return { records, statuses };
}

/** @returns how the watch stood at the next checkpoint; undefined where that lies before `fromMs`. */
async function pushAll(
  watch: GroupWatch,
  members: readonly ScoredMember[],
  fromMs: number,
  { stepMs, range, turns }: GroupsRequest,
): Promise<Uint8Array | undefined> {
  const keys = members.map(({ key }) => key);
  const values = new Float64Array(keys.length);
  const scores = new Float64Array(keys.length);
  const leftOut = new Uint8Array(keys.length);
  // A series may begin between two slots of the grid: `slice` gives its values the nearest.
  const shifts = members.map(({ points, series }) => Math.round((series.startMs - points.startMs) / stepMs));
  const nextMs = checkpointMs(range.endMs, stepMs);
  let state: Uint8Array | undefined;
  let sincePause = 0;
  for (let timeMs = fromMs; timeMs + stepMs <= range.endMs; timeMs += stepMs) {
    if (timeMs === nextMs) state = saved(watch, range);
    for (const [i, { points, series, leftOut: spans = [] }] of members.entries()) {
      const at = (timeMs - points.startMs) / stepMs;
      scores[i] = points.scores[at] ?? Number.NaN;
      const isScored = at >= 0 && at < points.scores.length;
      values[i] = isScored ? (series.values[at - shifts[i]] ?? Number.NaN) : Number.NaN;
      leftOut[i] = isExcluded(spans, timeMs, stepMs) ? 1 : 0;
    }
    watch.push(timeMs, { keys, values, scores, leftOut });
    if (++sincePause % PAUSE_SLOTS === 0) await turns.pause();
  }
  return state;
}

function saved(watch: GroupWatch, range: TimeRange): Uint8Array {
  watch.forget(range.startMs);
  return watch.save();
}

function statusOf(
  {
    key,
    labels,
    members,
  }: { readonly key: string; readonly labels: GroupStatus["labels"]; readonly members: readonly unknown[] },
  score: number,
  records: readonly AnomalyRecord[],
  { range, stepMs }: GroupsRequest,
): GroupStatus {
  const open = records.findLast(({ status }) => status === "open");
  const isScored = score === score;
  return {
    machine: labels["machine"] ?? "",
    aggregator: labels["aggregator"] ?? "",
    series: key,
    labels,
    members: members.length,
    state: open !== undefined ? "anomalous" : isScored ? "ok" : "warming",
    score: isScored ? Number(score.toPrecision(6)) : null,
    last_at: isScored ? formatUtc((Math.floor(range.endMs / stepMs) - 1) * stepMs) : null,
    last_value: null,
    reason: open?.reasons[0] ?? (isScored ? null : warmingWords(members.length)),
  };
}

function warmingWords(members: number): string {
  return members < 2 ? "a group needs two series" : `none of its ${count(members, "series")} is scored now`;
}

/** What the records of a job's groups say of where they come from. */
export function groupOrigin(model: string, job: string | null, datasourceUid: string | undefined): RecordOrigin {
  return {
    job,
    detector: GROUP_DETECTOR,
    model,
    model_version: null,
    threshold: "own",
    threshold_divisor: null,
    ...(datasourceUid !== undefined && { datasource_uid: datasourceUid }),
  };
}
