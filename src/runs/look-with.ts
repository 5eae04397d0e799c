import type { DetectRequest, LeftOutOf } from "../anomalies/detect-request.js";
import type { Knobs } from "../anomalies/knobs.js";
import type { Threshold } from "../detectors/threshold.js";
import type { LoadedModel } from "../model/folder.js";
import type { KnownEpisode } from "../records/identity.js";
import type { AnomalyRecord } from "../records/record.js";
import { EMPTY_INVENTORY } from "../series/inventory.js";
import { type Series, seriesKey, type TimeRange } from "../series/series.js";
import type { OwnDivisor } from "../store/memory.js";
import type { Checkpoints } from "../store/run/run-store.js";
import { takeTurns } from "../threads/turns.js";
import { type ChosenDetector, type Look, openDetector, originOf } from "./detector-for.js";
import { type JudgedSeries, type Looked, lookAtSeries } from "./look-at-series.js";
import type { Measured } from "./measured-step.js";
import type { ObservePlan } from "./observe-job.js";
import { ownDivisor } from "./own-divisor.js";
import type { Fetch } from "./shared-fetch.js";
import type { OpenedSource } from "./source/opened.js";
import { targetOfOne } from "./target-of-one.js";

/** One detector of a run: what it looks at, by which threshold, and what it remembers. */
export interface Shift {
  readonly chosen: ChosenDetector;
  /** By `seriesKey`. Every series is looked at by one shift. */
  readonly looksAt: (key: string) => boolean;
  /** A threshold for a detector that calibrates itself; undefined: its own. */
  readonly ownThreshold: Threshold | undefined;
  readonly rememberedDivisor: OwnDivisor | undefined;
  readonly known: readonly KnownEpisode[];
  /** The owner's records so far. */
  readonly existing: readonly AnomalyRecord[];
  /** Opens what is remembered of the series; undefined: nothing is. */
  readonly store?: (stepMs: number, historyMs: number, divisor: number) => Checkpoints;
}

/** What every shift of a run has in common. */
export interface LookRequest {
  /** Undefined: the detector needs no model, and nothing is known of the series beforehand. */
  readonly loaded: LoadedModel | undefined;
  /** What records are filed under. */
  readonly modelName: string;
  readonly job: string | null;
  readonly withEvidence: boolean;
  readonly withPoints: boolean;
  /** What is scored before the range for the groups of the series, ms; 0 where there are none. */
  readonly groupHistoryMs: number;
  readonly opened: OpenedSource;
  /** What is reported; the history before it is fetched as the detectors need it. */
  readonly range: TimeRange;
  readonly knobs: Knobs;
  /** Spans of a series from which nothing is learned. Default: none. */
  readonly leftOutOf?: LeftOutOf;
  readonly detectedAtMs: number;
  /** Threads that score histories; undefined: as many as are worth it. */
  readonly threads: number | undefined;
  /** Ends the run when it is aborted. */
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number, note: string) => void;
  readonly debug: (message: string) => void;
}

/** What one shift has seen. */
export interface LookedShift extends Looked {
  readonly shift: Shift;
  readonly detection: Omit<DetectRequest, "series" | "problems">;
  readonly divisor: OwnDivisor | undefined;
}

interface Surroundings {
  /** There is no other shift, so that all series are its own. */
  readonly isOnly: boolean;
  readonly fetch: Fetch;
  readonly look: Look;
  /** Series on other steps. */
  readonly others: Measured["others"] | undefined;
}

/** Lets one detector look at its series. */
export async function lookWith(
  shift: Shift,
  request: LookRequest,
  { isOnly, fetch, look, others }: Surroundings,
): Promise<LookedShift> {
  const { loaded, opened, range, knobs } = request;
  const { stepMs } = look;
  const ownOf = <T extends Pick<Series, "labels">>(series: readonly T[]) =>
    isOnly ? series : series.filter(({ labels }) => shift.looksAt(seriesKey(labels)));
  const fetchOwn: Fetch = async (targets, wanted) => {
    const fetched = await fetch(targets, wanted);
    return { ...fetched, series: ownOf(fetched.series) };
  };
  const divisor =
    shift.ownThreshold === undefined
      ? undefined
      : await ownDivisor(shift.ownThreshold, {
          untilMs: range.endMs,
          historyMs: openDetector(shift.chosen, look).historyMs,
          remembered: shift.rememberedDivisor,
          fetch: (past) => fetchOwn(opened.targets, past),
          detector: openDetector(shift.chosen, look),
          leftOutOf: request.leftOutOf,
          turns: takeTurns(request.signal),
        });
  const chosen =
    divisor === undefined ? shift.chosen : { ...shift.chosen, threshold: divisor.level, divisor: divisor.value };
  const detector = openDetector(chosen, look);
  const inventory = loaded?.model.inventory ?? EMPTY_INVENTORY;
  const plain = {
    unit: loaded?.model.unit ?? null,
    origin: {
      ...originOf(request.modelName, chosen),
      job: request.job,
      datasource_uid: opened.datasourceUid,
    },
    fromMs: range.startMs,
    untilMs: range.endMs,
    knobs,
    detectedAtMs: request.detectedAtMs,
    withEvidence: request.withEvidence,
    withPoints: request.withPoints,
    memberFromMs: request.groupHistoryMs === 0 ? undefined : range.startMs - request.groupHistoryMs,
  };
  const { leftOutOf } = request;
  const detection = { ...plain, inventory, detector, known: shift.known, targetOf: opened.targetOf, leftOutOf };
  const looked = await lookAtSeries(
    detection,
    {
      targets: opened.targets,
      targetOfOne: (series) => targetOfOne(opened, series),
      fetch: fetchOwn,
      moreHistoryMs: request.groupHistoryMs,
      threads: {
        asked: request.threads,
        plan: (checkpointMs): ObservePlan => ({
          detector: chosen.detector.name,
          learned: chosen.learned,
          known: inventory.series,
          divisor: chosen.divisor,
          look,
          request: plain,
          checkpointMs,
        }),
      },
      signal: request.signal,
      debug: request.debug,
      onScored: (done, total) => request.onProgress(done, total, "scoring"),
    },
    // Of series on several steps nothing is remembered: which of them a series is on shows in its whole history only.
    (others?.size ?? 0) > 0
      ? undefined
      : shift.store?.(stepMs, detector.historyMs + request.groupHistoryMs, divisor?.value ?? 1),
  );
  const onOwnStep = await lookAtOthers(
    new Map([...(others ?? [])].map(([ownMs, series]) => [ownMs, ownOf(series)])),
    (ownMs) => ({ ...detection, detector: openDetector(chosen, { ...look, stepMs: ownMs }) }),
    request,
  );
  return { ...looked, judged: [...looked.judged, ...onOwnStep], shift, detection, divisor };
}

/** Looks at series that are on another step than most, each on its own: those of one step together. */
async function lookAtOthers(
  others: Measured["others"],
  detectionOn: (stepMs: number) => Parameters<typeof lookAtSeries>[0],
  { opened, signal }: LookRequest,
): Promise<readonly JudgedSeries[]> {
  const judged: JudgedSeries[] = [];
  for (const [stepMs, series] of others) {
    const fetch = async () => ({ series, problems: [], notes: [] });
    const asking = {
      targets: opened.targets,
      targetOfOne: (one: Pick<Series, "name" | "labels">) => targetOfOne(opened, one),
      fetch,
      signal,
    };
    judged.push(...(await lookAtSeries(detectionOn(stepMs), asking, undefined)).judged);
  }
  return judged;
}
