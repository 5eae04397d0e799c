import { DETECTOR_NAMES } from "../detectors/registry.js";
import { DEFAULT_THRESHOLD, formatThreshold, type Threshold } from "../detectors/threshold.js";
import { UsageError } from "../errors/errors.js";
import { GROUP_DETECTOR } from "../groups/group-records.js";
import { notLearned } from "../records/events.js";
import { isOwnedBy, type Owner } from "../records/origin.js";
import type { AnomalyRecord } from "../records/record.js";
import { hasLooked, type SeriesStatus } from "../records/status.js";
import type { Series, TimeRange } from "../series/series.js";
import { type Memory, remember, withoutEnded } from "../store/memory.js";
import type { Checkpoints, RunStore } from "../store/run/run-store.js";
import { checkpointRequest } from "./checkpoint-request.js";
import { filedUnder as filedUnderName } from "./detector-for.js";
import { type Found, findAnomalies } from "./find-anomalies.js";
import type { Job } from "./job.js";
import { groupShift, groupsOf } from "./job-groups.js";
import { knownEpisodes } from "./known-episodes.js";
import { handedOverIds, type OpenedShift, openShift } from "./open-shift.js";
import { reportedRange } from "./range.js";
import { type RunModel, runModel } from "./run-model.js";
import { withSource } from "./source/open.js";
import type { OpenedSource } from "./source/opened.js";
import type { Surroundings } from "./surroundings.js";
import { targetOfOne } from "./target-of-one.js";
import { type Judging, withJudged } from "./with-judged.js";
import { askedOnce, type EventsIn, withKnownEvents } from "./with-known-events.js";

/** A job whose model is loaded and whose detectors are known. */
export interface OpenedJob {
  readonly job: Job;
  readonly run: RunModel;
  /** What its runs are filed under in the store, by detector. */
  readonly filedUnder: readonly string[];
}

export interface RunContext extends Surroundings, Judging {
  readonly store: RunStore;
  /** The records so far of whoever writes them: what a run continues, closes and never gives another id. */
  readonly existing: readonly AnomalyRecord[];
  /** Events that touch a range: nothing is learned from maintenances and holidays, and records name what they touch. Default: none. */
  readonly eventsIn?: EventsIn;
  /** Threads that score histories. Default: as many as there are processors, and none beside this one for little work. */
  readonly threads?: number;
  /** Also give the newly scored slots, for whoever publishes them. Default: no. */
  readonly withPoints?: boolean;
  /** Only these series are fetched, and others that come along are looked at too. Default: all of the job's. */
  readonly only?: readonly Pick<Series, "name" | "labels">[];
}

/** What a run has come to. Nothing is in the store before `commit`. */
export interface JobRun {
  readonly found: Found;
  /** Whose records the run keeps up to date. */
  readonly owners: readonly Owner[];
  /** Whether a record is of a detector that `auto` had chosen, and that does not look at its series any more. */
  readonly isHandedOver: (record: AnomalyRecord) => boolean;
  readonly range: TimeRange;
  readonly model: { readonly name: string; readonly checksum: string | null };
  /** In words. */
  readonly threshold: string;
  /** For messages: `Graphite at graphite.example.com/`. */
  readonly source: string;
  /** The episodes that earlier runs have reported. */
  readonly memory: Pick<Memory, "episodes">;
  /**
   * Puts statuses, checkpoints and memory into the store, in this order: a run that is killed before it is done only reports
   * once more what it has reported, under the same ids.
   *
   * @param forgetBeforeMs episodes that ended before it are forgotten; open ones never are.
   */
  readonly commit: (forgetBeforeMs: number) => void;
}

/** Loads what a job needs; @throws ModelError where its model is missing or damaged. */
export function openJob(job: Job, load?: Parameters<typeof runModel>[1]): OpenedJob {
  const run = runModel(job, load);
  const groups = groupsOf(job, run.name);
  return {
    job,
    run,
    filedUnder: [
      ...run.assignments.map(({ detector }) => filedUnderName(run.name, detector)),
      ...(groups === undefined ? [] : [groups.name]),
    ],
  };
}

/**
 * Runs a job once: opens its source, looks at every series, and says what was found. The same job on the same data at the same
 * moment gives the same records, wherever it runs.
 *
 * @throws SourceError where the source does not answer, ModelError, UsageError or ConfigError where the job cannot be run.
 */
export async function runJob({ job, run }: OpenedJob, context: RunContext): Promise<JobRun> {
  const { store, existing, signal, onProgress, debug } = context;
  const beganMs = context.nowMs();
  const { loaded } = run;
  const eventsIn = context.eventsIn && askedOnce(context.eventsIn);
  const model = loaded?.model;
  const shifts = await Promise.all(run.assignments.map((one) => openShift(job, run, one, store)));
  const handedOver = job.detector === "auto" ? handedOverIds(job, run, store) : new Set<string>();
  return withSource(job.source, model, context, async (whole) => {
    const opened = context.only === undefined ? whole : narrowed(whole, context.only);
    if (opened.targets.length === 0) {
      throw new UsageError(
        "template",
        "a server needs to know what to fetch: --template, such as statsd.{machine}.gauges.{aggregator}, for Graphite; --query for PromQL",
      );
    }
    const timezone = job.timezone ?? model?.timezone ?? "UTC";
    const range = reportedRange(job.range, { sourceNowMs: opened.nowMs, wallClockMs: beganMs, timezone });
    const threshold = job.threshold ?? model?.threshold ?? DEFAULT_THRESHOLD;
    const { knobs } = job;
    const checkpoints: Checkpoints[] = [];
    const jobGroups = groupsOf(job, run.name);
    const groups =
      jobGroups &&
      groupShift(
        jobGroups,
        job,
        { store, existing, owner: { loaded, name: jobGroups.name, threshold, knobs, opened }, range },
        opened.datasourceUid,
      );
    const bare = await findAnomalies({
      loaded,
      modelName: run.name,
      rememberedStepMs: job.isFresh ? undefined : shifts[0].memory.step_ms,
      timezone,
      shifts: shifts.map(({ name, owner, memory, chosen, looksAt }) => {
        const request = checkpointRequest(job, { loaded, name, threshold, knobs, opened }, range);
        return {
          chosen,
          looksAt,
          // A detector that calibrates itself has no threshold but its own in what it learned: it is read from the past.
          ownThreshold: chosen.threshold === "own" ? (job.threshold ?? undefined) : undefined,
          rememberedDivisor: job.isFresh ? undefined : memory.divisor,
          existing: existing.filter((record) => isOwnedBy(record, owner)),
          known: job.isFresh ? [] : knownEpisodes(memory, existing, owner),
          store:
            request &&
            ((stepMs: number, historyMs: number, divisor: number) => {
              const wanted = request(stepMs, historyMs, divisor);
              const own = store.openCheckpoints(name, groups?.ofMembers(wanted, stepMs) ?? wanted);
              checkpoints.push(own);
              return own;
            }),
        };
      }),
      leftOutIn: eventsIn && (async (history) => notLearned(await eventsIn(history))),
      groups: groups?.request,
      groupHistoryMs: jobGroups?.historyMs ?? 0,
      job: job.name,
      // A named detector without a model looks at whatever comes.
      isOfModel: job.detector === "auto" || shifts.some(({ chosen }) => chosen.needsModel),
      withEvidence: job.withEvidence,
      withPoints: context.withPoints ?? false,
      opened,
      range,
      knobs,
      variables: job.source.var,
      threads: context.threads,
      signal,
      onProgress,
      debug,
      // A look at a moment in the past is what a run at that moment would have been.
      detectedAtMs: job.range.at === undefined ? beganMs : range.endMs,
    });
    // However quick it was: an interrupted run has found nothing.
    signal.throwIfAborted();
    const found = await withJudged(await withKnownEvents(bare, range, eventsIn), existing, context);
    return {
      found,
      // Records of a detector that an earlier model, or a run without one, has chosen are this run's to close.
      owners: [
        ...(job.detector === "auto"
          ? DETECTOR_NAMES.map((detector) => ({ job: job.name, detector }))
          : shifts.map(({ owner }) => owner)),
        // Also of a job that had groups before: what is left open of them is over.
        { job: job.name, detector: GROUP_DETECTOR },
      ],
      isHandedOver: ({ id }) => handedOver.has(id),
      range,
      model: { name: shifts.length === 1 ? shifts[0].name : run.name, checksum: loaded?.checksum ?? null },
      threshold: thresholdWords(threshold, shifts, found),
      source: opened.name,
      memory: {
        episodes: [...shifts, ...(groups === undefined ? [] : [groups])].flatMap(({ memory }) => memory.episodes),
      },
      commit: (forgetBeforeMs) => {
        store.writeStatuses([...found.statuses, ...found.groups]);
        // Groups first: members that are ahead of their group would leave a gap in it.
        groups?.write();
        for (const one of checkpoints) one.write();
        const open = new Set(existing.flatMap(({ id, status }) => (status === "open" ? [id] : [])));
        // A run that saw nothing knows nothing of how old things are: its clock may be wrong.
        const beforeMs = hasLooked(found.statuses) ? forgetBeforeMs : Number.NEGATIVE_INFINITY;
        if (groups !== undefined) {
          const own = found.records.filter((record) => isOwnedBy(record, groups.owner));
          store.writeMemory(groups.name, remember(groups.memory, own, beforeMs, { open }));
        }
        for (const [i, { name, memory, owner }] of shifts.entries()) {
          const { divisor } = found.shifts[i];
          const next: Memory = {
            ...memory,
            ...(loaded === undefined && { step_ms: found.stepMs }),
            ...(divisor !== undefined && { divisor }),
          };
          const own = found.records.filter((record) => isOwnedBy(record, owner));
          store.writeMemory(
            name,
            remember(withoutEnded(next, found.ended), own, beforeMs, { open, isAuto: job.detector === "auto" }),
          );
        }
      },
    };
  });
}

function thresholdWords(threshold: Threshold, shifts: readonly OpenedShift[], found: Found): string {
  const isOwn = shifts.every(({ chosen }, i) => chosen.threshold === "own" && found.shifts[i].divisor === undefined);
  return isOwn ? "each series' own" : formatThreshold(threshold);
}

function narrowed(opened: OpenedSource, only: readonly Pick<Series, "name" | "labels">[]): OpenedSource {
  const targets = new Map(only.map((series) => targetOfOne(opened, series)).map((one) => [JSON.stringify(one), one]));
  return { ...opened, targets: [...targets.values()] };
}

/** The statuses of a run whose source did not answer: those of the run before must not be taken for today's. */
export function failedStatuses({ run }: OpenedJob, reason: string): readonly SeriesStatus[] {
  return (run.loaded?.model.inventory.series ?? []).map(({ name, labels }) => ({
    machine: labels["machine"] ?? "",
    aggregator: labels["aggregator"] ?? "",
    series: name,
    labels,
    state: "failed",
    score: null,
    last_at: null,
    last_value: null,
    reason,
  }));
}
