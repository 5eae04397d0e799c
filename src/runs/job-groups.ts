import { GROUP_DETECTOR } from "../groups/group-records.js";
import { GROUP_HISTORY_MS } from "../groups/limits.js";
import type { AnomalyRecord } from "../records/record.js";
import type { TimeRange } from "../series/series.js";
import type { Memory } from "../store/memory.js";
import type { CheckpointRequest, Checkpoints, RunStore } from "../store/run/run-store.js";
import { type CheckpointOwner, groupCheckpointRequest } from "./checkpoint-request.js";
import { filedUnder } from "./detector-for.js";
import type { FindRequest } from "./find-anomalies.js";
import type { Job } from "./job.js";
import { forgetOwn, knownEpisodes } from "./known-episodes.js";
import { groupOrigin } from "./look-at-groups.js";

/** What the groups of a job's runs are filed under, and whose their records are. */
export interface JobGroups {
  readonly name: string;
  readonly owner: { readonly job: string | null; readonly detector: typeof GROUP_DETECTOR };
  readonly by: readonly string[];
  /** Past that is scored of every member before the range. */
  readonly historyMs: number;
}

/** Undefined for a job without groups. */
export function groupsOf(
  { name: job, groupBy = [] }: Pick<Job, "name" | "groupBy">,
  model: string,
): JobGroups | undefined {
  if (groupBy.length === 0) return undefined;
  return {
    name: filedUnder(model, GROUP_DETECTOR),
    owner: { job, detector: GROUP_DETECTOR },
    by: groupBy,
    historyMs: GROUP_HISTORY_MS,
  };
}

/** The groups of one run, with what is remembered of them. */
export interface GroupShift extends Pick<JobGroups, "name" | "owner"> {
  readonly memory: Memory;
  readonly request: NonNullable<FindRequest["groups"]>;
  /**
   * The checkpoints of members are of no use where nothing is remembered of the groups: these need the past of all members.
   */
  readonly ofMembers: (request: CheckpointRequest, stepMs: number) => CheckpointRequest;
  readonly write: () => void;
}

export function groupShift(
  groups: JobGroups,
  job: Job,
  {
    store,
    existing,
    owner: checkpoints,
    range,
  }: {
    readonly store: RunStore;
    readonly existing: readonly AnomalyRecord[];
    readonly owner: CheckpointOwner;
    readonly range: TimeRange;
  },
  datasourceUid: string | undefined,
): GroupShift {
  const { name, owner, by } = groups;
  const remembered = store.readMemory(name);
  const memory = job.isFresh ? forgetOwn(remembered, owner) : remembered;
  const request = groupCheckpointRequest(job, { ...checkpoints, name }, range);
  let opened: Checkpoints | undefined;
  const open = request && ((stepMs: number) => (opened ??= store.openCheckpoints(name, request(stepMs))));
  return {
    name,
    owner,
    memory,
    request: {
      by,
      origin: groupOrigin(name, job.name, datasourceUid),
      known: job.isFresh ? [] : knownEpisodes(memory, existing, owner),
      store: open,
    },
    ofMembers: (one, stepMs) =>
      open === undefined || open(stepMs).checkpoints().size > 0 ? one : { ...one, isUseful: () => false },
    write: () => opened?.write(),
  };
}
