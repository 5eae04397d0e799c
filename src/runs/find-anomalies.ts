import { type Detected, problemStatus } from "../anomalies/detect.js";
import { endedSilence } from "../anomalies/ended-silence.js";
import type { Evidence } from "../anomalies/evidence.js";
import type { Knobs } from "../anomalies/knobs.js";
import type { ScoredPoints } from "../anomalies/points.js";
import type { Threshold } from "../detectors/threshold.js";
import { SourceError } from "../errors/errors.js";
import type { LoadedModel } from "../model/folder.js";
import type { KnownEpisode } from "../records/identity.js";
import type { AnomalyRecord } from "../records/record.js";
import { EMPTY_INVENTORY } from "../series/inventory.js";
import { type Labels, type Series, seriesKey, type TimeRange } from "../series/series.js";
import type { Question } from "../sources/could-bring.js";
import type { Target } from "../sources/source.js";
import type { VariableValues } from "../sources/variable-values.js";
import type { OwnDivisor } from "../store/memory.js";
import type { Checkpoints } from "../store/store.js";
import { takeTurns } from "../threads/turns.js";
import { HOUR_MS, MINUTE_MS } from "../time/duration.js";
import { count } from "../wording/count.js";
import { type ChosenDetector, openDetector, originOf } from "./detector-for.js";
import { silencesOfGone } from "./gone-series.js";
import { type JudgedSeries, lookAtSeries } from "./look-at-series.js";
import { type Measured, measureHistory } from "./measured-step.js";
import { withMissingSeries } from "./missing-series.js";
import type { ObservePlan } from "./observe-job.js";
import { ownDivisor } from "./own-divisor.js";
import type { OpenedSource } from "./source/opened.js";
import { targetOfOne } from "./target-of-one.js";

export interface FindRequest {
  /** Undefined: the detector needs no model, and nothing is known of the series beforehand. */
  readonly loaded: LoadedModel | undefined;
  /** What records are filed under. */
  readonly modelName: string;
  /** Of a run without a model: the step that earlier runs have measured. */
  readonly rememberedStepMs: number | undefined;
  readonly timezone: string;
  readonly chosen: ChosenDetector;
  readonly job: string | null;
  /** A threshold for a detector that calibrates itself; undefined: its own. */
  readonly ownThreshold: Threshold | undefined;
  readonly rememberedDivisor: OwnDivisor | undefined;
  readonly withEvidence: boolean;
  readonly withPoints: boolean;
  readonly opened: OpenedSource;
  /** What is reported; the history before it is fetched as the model needs it. */
  readonly range: TimeRange;
  readonly knobs: Knobs;
  readonly known: readonly KnownEpisode[];
  /** The owner's records so far. */
  readonly existing: readonly AnomalyRecord[];
  readonly variables: readonly VariableValues[];
  readonly detectedAtMs: number;
  /** Threads that score histories; undefined: as many as are worth it. */
  readonly threads: number | undefined;
  /** Ends the run when it is aborted. */
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number, note: string) => void;
  readonly debug: (message: string) => void;
  /** Opens what is remembered of the series; undefined: nothing is. */
  readonly store?: (stepMs: number, historyMs: number, divisor: number) => Checkpoints;
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
  readonly notes: readonly string[];
  readonly fetchedSeries: number;
  /** Undefined where no series shows it. */
  readonly stepMs: number | undefined;
  /** Where a requested threshold lies for a detector that calibrates itself; undefined: it has its own. */
  readonly divisor: OwnDivisor | undefined;
}

/** Fetches what the model needs to look at the range, and scores it. */
export async function findAnomalies(request: FindRequest): Promise<Found> {
  const { loaded, opened, range, store, knobs } = request;
  const isPromql = opened.source.kind !== "csv" && opened.template === undefined;
  const fetchOn = (stepMs: number | undefined) => (targets: readonly Target[], wanted: TimeRange) =>
    opened.source.fetch({ targets, template: opened.template, stepMs }, wanted, (at) =>
      request.onProgress(at.doneTargets, at.totalTargets, "fetching"),
    );
  const lookOn = (stepMs: number) => ({ stepMs, timezone: request.timezone, silenceAfterMs: knobs.silenceAfterMs });
  const open = (stepMs: number, chosen = request.chosen) => openDetector(chosen, lookOn(stepMs));
  const knownStepMs = loaded?.model.stepMs ?? request.rememberedStepMs;
  const { historyMs } = open(knownStepMs ?? HOUR_MS);
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
  const isMixed = (measured?.others.size ?? 0) > 0;
  const divisor =
    request.ownThreshold === undefined
      ? undefined
      : await ownDivisor(request.ownThreshold, {
          untilMs: range.endMs,
          historyMs,
          remembered: request.rememberedDivisor,
          fetch: (past) => fetchOn(stepMs)(opened.targets, past),
          detector: open(stepMs),
          turns: takeTurns(request.signal),
        });
  const chosen =
    divisor === undefined ? request.chosen : { ...request.chosen, threshold: divisor.level, divisor: divisor.value };
  const detector = open(stepMs, chosen);
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
  };
  const detection = { ...plain, inventory, detector, known: request.known, targetOf: opened.targetOf };
  const looked = await lookAtSeries(
    detection,
    {
      targets: opened.targets,
      targetOfOne: (series) => targetOfOne(opened, series),
      fetch: async (targets, wanted) => measured?.answer(targets, wanted) ?? fetchOn(stepMs)(targets, wanted),
      threads: {
        asked: request.threads,
        plan: (checkpointMs): ObservePlan => ({
          detector: chosen.detector.name,
          learned: chosen.learned,
          known: inventory.series,
          divisor: chosen.divisor,
          look: lookOn(stepMs),
          request: plain,
          checkpointMs,
        }),
      },
      signal: request.signal,
      debug: request.debug,
      onScored: (done, total) => request.onProgress(done, total, "scoring"),
    },
    // Of series on several steps nothing is remembered: which of them a series is on shows in its whole history only.
    isMixed ? undefined : store?.(stepMs, detector.historyMs, divisor?.value ?? 1),
  );
  const onOwnStep = await lookAtOthers(
    measured?.others,
    (ownMs) => ({ ...detection, detector: open(ownMs, chosen) }),
    request,
  );
  const judged = inOrder([...looked.judged, ...onOwnStep]);
  const series = judged.map((one) => one.series);
  const question: Question = { ...opened, isPromql };
  if (!looked.problems.some(({ kind }) => kind === "failed")) refuseStrangers(request, series);
  const problems = withMissingSeries(inventory, series, looked.problems, request.variables, question);
  // Where nothing came at all it is the question or the source that is wrong, and the run says so; that is no fleet of silences.
  const silences =
    judged.length === 0 ? [] : await takeTurns(request.signal).drive(silencesOfGone(detection, problems));
  const records = [...judged.flatMap(({ records: own }) => own), ...silences];
  return {
    records,
    ended: endedSilences(request.existing, records, series),
    statuses: [...judged.map(({ status }) => status), ...problems.map(problemStatus)],
    evidence: judged.flatMap(({ evidence }) => evidence ?? []),
    points: judged.flatMap(({ points, series: { name, labels } }) =>
      points === undefined ? [] : [{ ...points, name, labels }],
    ),
    notes: looked.notes,
    fetchedSeries: series.length,
    stepMs: isMixed ? undefined : (knownStepMs ?? measured?.stepMs),
    divisor,
  };
}

/** Looks at series that are on another step than most, each on its own: those of one step together. */
async function lookAtOthers(
  others: Measured["others"] = new Map(),
  detectionOn: (stepMs: number) => Parameters<typeof lookAtSeries>[0],
  { opened, signal }: FindRequest,
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

/** Open silences of earlier runs whose series has values by now; those that the run has found again are not among them. */
function endedSilences(
  existing: readonly AnomalyRecord[],
  found: readonly AnomalyRecord[],
  series: readonly Series[],
): readonly AnomalyRecord[] {
  const again = new Set(found.map(({ id }) => id));
  const byKey = new Map(series.map((one) => [seriesKey(one.labels), one]));
  return existing.flatMap((record) => {
    const now = again.has(record.id) ? undefined : byKey.get(seriesKey(record.labels));
    return (now && endedSilence(record, now)) ?? [];
  });
}

/**
 * A template or query that fits none of the model's series is a mistake, and no fleet of silences.
 *
 * @throws SourceError so that nothing of the run is written as if it were true.
 */
function refuseStrangers({ loaded, opened, chosen }: FindRequest, series: readonly Series[]): void {
  // A detector without a model looks at whatever comes.
  if (loaded === undefined || !chosen.needsModel) return;
  const { inventory } = loaded.model;
  if (series.length === 0 || series.some(({ labels }) => inventory.indexOf(seriesKey(labels)) !== undefined)) return;
  const [example] = inventory.series;
  throw new SourceError(
    "strangers",
    `${opened.name} answered with ${count(series.length, "series", "series")}, such as ${named(series[0].labels)}, but with none of the ` +
      `${inventory.series.length} that the model ${loaded.name} was trained on, such as ${named(example.labels)}; check --template or --query, or train a model of these series`,
  );
}

const named = ({ machine, aggregator }: Labels) =>
  [machine, aggregator].filter((label) => label !== undefined).join(" ");

/** By name and labels, so that the records come in one order, whatever the order of replies, files or remembered states. */
function inOrder<T extends { readonly series: Series }>(judged: readonly T[]): readonly T[] {
  const keyed = judged.map((one) => ({ one, name: one.series.name, key: seriesKey(one.series.labels) }));
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return keyed.sort((a, b) => compare(a.name, b.name) || compare(a.key, b.key)).map(({ one }) => one);
}
