import { createHash } from "node:crypto";
import type { Knobs } from "../anomalies/knobs.js";
import type { Threshold } from "../detectors/threshold.js";
import type { LoadedModel } from "../model/folder.js";
import type { TimeRange } from "../series/series.js";
import { writtenQuery } from "../sources/promql/named-query.js";
import type { CheckpointRequest } from "../store/run/run-store.js";
import { HOUR_MS } from "../time/duration.js";
import { replayStartMs } from "../watch/replay-start.js";
import { checkpointMs } from "../watch/watched.js";
import type { Job } from "./job.js";
import type { OpenedSource } from "./source/opened.js";

/** After a longer pause what is new is so much that the history is looked at instead. */
const CATCH_UP_MS = 6 * HOUR_MS;
const CATCH_UP_LEAST_SLOTS = 12;

/** Without a model nobody knows how many series there are; this many are still a few files. */
const ASSUMED_SERIES = 1250;

/** What a checkpoint depends on, beside the values themselves. */
export interface CheckpointOwner {
  readonly loaded: LoadedModel | undefined;
  /** What is remembered is filed under it. */
  readonly name: string;
  readonly threshold: Threshold;
  readonly knobs: Knobs;
  readonly opened: Pick<OpenedSource, "name" | "template">;
}

/**
 * Which of what earlier runs have remembered is useful for this one: made by the same model with the same threshold and knobs from
 * the same source, and by a scorer that began where this run's would.
 *
 * @returns undefined for a fresh run, and for a look at another time than now, which must not disturb the checkpoints of now.
 */
export function checkpointRequest(
  {
    isFresh,
    range: { at, from, until },
    source: { query, percent },
    groupBy = [],
  }: Pick<Job, "isFresh" | "range" | "source" | "groupBy">,
  { loaded, name, threshold, knobs, opened }: CheckpointOwner,
  range: TimeRange,
): ((stepMs: number, historyMs: number, divisor: number) => CheckpointRequest) | undefined {
  if (isFresh || [at, from, until].some((time) => time !== undefined)) return undefined;
  const owner = {
    name,
    model: loaded?.checksum ?? null,
    threshold,
    knobs,
    source: opened.name,
    template: opened.template ?? null,
    // Only where there are some, so that the checkpoints of a template stay useful.
    ...(query.length === 0 ? {} : { query: query.map(writtenQuery) }),
    // A series that a run without groups has continued is ahead of its group.
    ...(groupBy.length === 0 ? {} : { groupBy }),
  };
  return (stepMs, historyMs, divisor) => {
    // Scores of the remembered traces are divided by it.
    const own = divisor === 1 ? {} : { divisor };
    const belongsTo = createHash("sha256")
      .update(JSON.stringify({ ...owner, percent: percent ?? null, ...own }))
      .digest("hex");
    const isRecent = recently(range, stepMs);
    return {
      belongsTo,
      seriesCount: loaded?.model.inventory.series.length ?? ASSUMED_SERIES,
      isUseful: (entry) =>
        isRecent(entry) && entry.startMs === replayStartMs(entry.key, range.startMs, historyMs, stepMs),
    };
  };
}

/** Of a job's groups: a group has no beginning that a run could ask for, and continues from wherever it stood. */
export function groupCheckpointRequest(
  job: Parameters<typeof checkpointRequest>[0],
  owner: CheckpointOwner,
  range: TimeRange,
): ((stepMs: number) => CheckpointRequest) | undefined {
  const request = checkpointRequest(job, owner, range);
  return request && ((stepMs) => ({ ...request(stepMs, 0, 1), isUseful: recently(range, stepMs) }));
}

function recently(range: TimeRange, stepMs: number): CheckpointRequest["isUseful"] {
  const next = checkpointMs(range.endMs, stepMs);
  const catchUpMs = Math.max(CATCH_UP_MS, CATCH_UP_LEAST_SLOTS * stepMs);
  return (entry) =>
    entry.checkpointMs <= next && entry.checkpointMs >= next - catchUpMs && entry.fromMs <= range.startMs;
}
