import { type Detected, problemStatus } from "../anomalies/detect.js";
import type { LeftOutOf, Problem } from "../anomalies/detect-request.js";
import { endedSilence } from "../anomalies/ended-silence.js";
import type { Evidence } from "../anomalies/evidence.js";
import type { ScoredPoints } from "../anomalies/points.js";
import type { AnomalyRecord } from "../records/record.js";
import type { GroupStatus } from "../records/status.js";
import { EMPTY_INVENTORY } from "../series/inventory.js";
import { type Labels, type Series, seriesKey, type TimeRange } from "../series/series.js";
import type { Question } from "../sources/could-bring.js";
import type { Target } from "../sources/source.js";
import type { VariableValues } from "../sources/variable-values.js";
import type { OwnDivisor } from "../store/memory.js";
import type { Checkpoints } from "../store/run/run-store.js";
import { takeTurns } from "../threads/turns.js";
import { HOUR_MS, MINUTE_MS } from "../time/duration.js";
import { earliestStartMs } from "../watch/replay-start.js";
import { type Look, openDetector } from "./detector-for.js";
import { silencesOfGone } from "./gone-series.js";
import { type GroupsRequest, lookAtGroups, type ScoredMember } from "./look-at-groups.js";
import { type LookedShift, type LookRequest, lookWith, type Shift } from "./look-with.js";
import { measureHistory } from "./measured-step.js";
import { withMissingSeries } from "./missing-series.js";
import { type Fetch, sharedFetch } from "./shared-fetch.js";
import { refuseStrangers } from "./strangers.js";

export interface FindRequest extends Omit<LookRequest, "leftOutOf"> {
  /** Of a run without a model: the step that earlier runs have measured. */
  readonly rememberedStepMs: number | undefined;
  readonly timezone: string;
  /** At least one; every series is looked at by one of them. */
  readonly shifts: readonly Shift[];
  readonly variables: readonly VariableValues[];
  /** The spans that touch a range from which nothing is learned, by series. Default: none. */
  readonly leftOutIn?: (range: TimeRange) => Promise<LeftOutOf>;
  /** The model's series are what is looked at: with none of them the question is a mistake. */
  readonly isOfModel: boolean;
  /** How groups are looked at; absent where none are. */
  readonly groups?: Pick<GroupsRequest, "by" | "origin" | "known"> & {
    /** Opens what is remembered of them. */
    readonly store?: (stepMs: number) => Checkpoints;
  };
}

/** Newly scored slots with whose they are. */
export interface SeriesPoints extends ScoredPoints {
  readonly name: string;
  readonly labels: Labels;
}

export interface Found extends Detected {
  /** Silences of earlier runs that this one has seen to be over. */
  readonly ended: readonly AnomalyRecord[];
  readonly evidence: readonly Evidence[];
  /** The newly scored slots of each series; none where they were not requested. */
  readonly points: readonly SeriesPoints[];
  readonly groups: readonly GroupStatus[];
  readonly notes: readonly string[];
  readonly fetchedSeries: number;
  /** Undefined where no series shows it. */
  readonly stepMs: number | undefined;
  readonly shifts: readonly {
    /** Where a requested threshold lies for a detector that calibrates itself; undefined: it has its own. */
    readonly divisor: OwnDivisor | undefined;
  }[];
}

/** Fetches what the detectors need to look at the range, and scores it. */
export async function findAnomalies(request: FindRequest): Promise<Found> {
  const { loaded, opened, range, knobs, shifts } = request;
  const isPromql = opened.source.kind !== "csv" && opened.template === undefined;
  const fetchOn = (stepMs: number | undefined) => (targets: readonly Target[], wanted: TimeRange) =>
    opened.source.fetch({ targets, template: opened.template, stepMs }, wanted, (at) =>
      request.onProgress(at.doneTargets, at.totalTargets, "fetching"),
    );
  const lookOn = (stepMs: number): Look => ({
    stepMs,
    timezone: request.timezone,
    silenceAfterMs: knobs.silenceAfterMs,
  });
  const knownStepMs = loaded?.model.stepMs ?? request.rememberedStepMs;
  const historyMs =
    Math.max(...shifts.map(({ chosen }) => openDetector(chosen, lookOn(knownStepMs ?? HOUR_MS)).historyMs)) +
    request.groupHistoryMs;
  const measured =
    knownStepMs === undefined
      ? await measureHistory((whole) => fetchOn(undefined)(opened.targets, whole), opened.targets, {
          fromMs: range.startMs,
          untilMs: range.endMs,
          historyMs,
          isPromql,
        })
      : undefined;
  const stepMs = knownStepMs ?? measured?.stepMs ?? MINUTE_MS;
  const fetchOnce = shifts.length === 1 ? fetchOn(stepMs) : sharedFetch(fetchOn(stepMs), opened.targets);
  const fetch: Fetch = async (targets, wanted) => measured?.answer(targets, wanted) ?? fetchOnce(targets, wanted);
  const history = { startMs: earliestStartMs(range.startMs, historyMs, stepMs), endMs: range.endMs };
  const leftOutOf = await request.leftOutIn?.(history);
  const looked: LookedShift[] = [];
  for (const shift of longestFirst(shifts, lookOn(stepMs))) {
    looked.push(
      await lookWith(
        shift,
        { ...request, leftOutOf },
        {
          isOnly: shifts.length === 1,
          fetch,
          look: lookOn(stepMs),
          others: measured?.others,
        },
      ),
    );
  }
  const judged = inOrder(looked.flatMap((one) => one.judged));
  const series = judged.map((one) => one.series);
  const question: Question = { ...opened, isPromql };
  const fetchProblems = distinct(looked.flatMap((one) => one.problems));
  if (request.isOfModel && !fetchProblems.some(({ kind }) => kind === "failed")) {
    refuseStrangers(loaded, opened.name, series);
  }
  const inventory = loaded?.model.inventory ?? EMPTY_INVENTORY;
  const problems = withMissingSeries(inventory, series, fetchProblems, request.variables, question);
  const silences: AnomalyRecord[] = [];
  // Where nothing came at all it is the question or the source that is wrong, and the run says so; that is no fleet of silences.
  for (const { detection, shift } of judged.length === 0 ? [] : looked) {
    const own = problems.filter(({ labels }) => shift.looksAt(seriesKey(labels)));
    silences.push(...(await takeTurns(request.signal).drive(silencesOfGone(detection, own))));
  }
  const isMixed = (measured?.others.size ?? 0) > 0;
  const groups =
    request.groups === undefined
      ? { records: [], statuses: [] }
      : await lookAtGroups({
          ...request,
          ...request.groups,
          members: looked.flatMap((one) => scoredMembers(one, stepMs)),
          stepMs,
          unit: loaded?.model.unit ?? null,
          // Nothing is remembered of the members either then.
          store: isMixed ? undefined : request.groups.store?.(stepMs),
          turns: takeTurns(request.signal),
        });
  const records = [...judged.flatMap(({ records: own }) => own), ...silences, ...groups.records];
  return {
    records,
    ended: shifts.flatMap(({ existing }) => endedSilences(existing, records, series)),
    statuses: [...judged.map(({ status }) => status), ...problems.map(problemStatus)],
    evidence: judged.flatMap(({ evidence }) => evidence ?? []),
    points: judged.flatMap(({ points, series }) => (points === undefined ? [] : [pointsOf(points, series)])),
    groups: groups.statuses,
    notes: [...new Set(looked.flatMap((one) => one.notes))],
    fetchedSeries: series.length,
    stepMs: isMixed ? undefined : (knownStepMs ?? measured?.stepMs),
    shifts: shifts.map((shift) => ({ divisor: looked.find((one) => one.shift === shift)?.divisor })),
  };
}

/** Property by property: a spread takes ten times as long, and there are as many of these as series. */
function pointsOf({ startMs, stepMs, observed, expected, lower, upper, score }: ScoredPoints, series: Series) {
  const { name, labels } = series;
  return { name, labels, startMs, stepMs, observed, expected, lower, upper, score } satisfies SeriesPoints;
}

/** The series of a shift that are on the step of the groups. */
function scoredMembers({ judged, detection }: LookedShift, stepMs: number): readonly ScoredMember[] {
  return judged.flatMap(({ series, member }) =>
    member === undefined || member.stepMs !== stepMs
      ? []
      : [
          {
            name: series.name,
            labels: series.labels,
            unit: series.unit,
            key: seriesKey(series.labels),
            target: detection.targetOf(series),
            leftOut: detection.leftOutOf?.(series),
            origin: detection.origin,
            points: member,
            series,
          },
        ],
  );
}

/** The one that needs the longest history asks first, so that what it gets serves the others too. */
function longestFirst(shifts: readonly Shift[], look: Look): readonly Shift[] {
  const historyMs = (shift: Shift) => openDetector(shift.chosen, look).historyMs;
  return shifts.length === 1 ? shifts : [...shifts].sort((a, b) => historyMs(b) - historyMs(a));
}

/** What fetching for one shift and for another says of the same target is one problem. */
function distinct(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

/** Open silences of earlier runs whose series has values by now; those that the run has found again are not among them. */
function endedSilences(
  existing: readonly AnomalyRecord[],
  found: readonly AnomalyRecord[],
  series: readonly Series[],
): readonly AnomalyRecord[] {
  if (existing.length === 0) return [];
  const again = new Set(found.map(({ id }) => id));
  const byKey = new Map(series.map((one) => [seriesKey(one.labels), one]));
  return existing.flatMap((record) => {
    const now = again.has(record.id) ? undefined : byKey.get(seriesKey(record.labels));
    return (now && endedSilence(record, now)) ?? [];
  });
}

/** By name and labels, so that the records come in one order, whatever the order of replies, files or remembered states. */
function inOrder<T extends { readonly series: Series }>(judged: readonly T[]): readonly T[] {
  const keyed = judged.map((one) => ({ one, name: one.series.name, key: seriesKey(one.series.labels) }));
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return keyed.sort((a, b) => compare(a.name, b.name) || compare(a.key, b.key)).map(({ one }) => one);
}
