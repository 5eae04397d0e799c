import { bandOf } from "../anomalies/band.js";
import { isDetectorName, needsModel } from "../detectors/registry.js";
import { ModelError } from "../errors/errors.js";
import type { BandProvider } from "../hydrate/band.js";
import { type LoadedModel, loadModel, modelVersion } from "../model/folder.js";
import type { Model } from "../model/model.js";
import { isGroupRecord, memberRecords } from "../records/group-members.js";
import { leftOutRanges } from "../records/left-out.js";
import type { AnomalyRecord } from "../records/record.js";
import { count } from "../wording/count.js";
import { atThreshold, modelNameOf, openDetector, readyDetector } from "./detector-for.js";

/** Where models are. */
export interface ModelPlaces {
  readonly folder: string;
  /** The one that all records are from, wherever they say; undefined: each names its own. */
  readonly name: string | undefined;
  /** Records whose model is missing are an error, because it was named for this run. */
  readonly isRequired: boolean;
}

/** The band that each record alarmed by. */
export interface RecordBands {
  /** A model that the records name, for its time zone and names; undefined where there is none. */
  readonly model: Model | undefined;
  /** Undefined where the band of then cannot be drawn any more. */
  readonly bandFor: (record: AnomalyRecord) => BandProvider | undefined;
}

/**
 * Opens for every record the detector, model and threshold that it names, once for those that are alike. Where the model is gone,
 * or is another version by now, the records have no band and a warning says so; a damaged model is an error.
 *
 * @param timezone whose days the detectors compare; undefined: the model's, or UTC.
 *
 * `--model` says where the model lies, not that another one may be used.
 */
export async function recordBands(
  records: readonly AnomalyRecord[],
  places: ModelPlaces,
  warn: (message: string) => void,
  timezone?: string,
): Promise<RecordBands> {
  // The bands of a group are those of its members.
  const alarmed = records.flatMap((record) => (isGroupRecord(record) ? memberRecords(record) : [record]));
  const models = new Map<string, LoadedModel | ModelError>();
  const modelOf = (record: AnomalyRecord) => {
    const name = places.name ?? modelNameOf(record);
    const known =
      models.get(name) ?? openModelFile(name, places, !isDetectorName(record.detector) || needsModel(record.detector));
    models.set(name, known);
    return known;
  };
  const providers = new Map<string, BandProvider | undefined>();
  const missing = new Map<string, number>();
  for (const record of alarmed) {
    const key = keyOf(record);
    const loaded = modelOf(record);
    const problem = problemOf(record, loaded);
    if (problem !== undefined) missing.set(problem, (missing.get(problem) ?? 0) + 1);
    if (providers.has(key)) continue;
    providers.set(key, problem === undefined ? await providerOf(record, loaded, timezone) : undefined);
  }
  for (const [problem, records_] of missing) {
    const which = records_ === alarmed.length ? "" : ` for ${count(records_, "record")}`;
    warn(`no expected band${which}: ${problem} (--no-band says that this is wanted)`);
  }
  const first = [...models.values()].find((loaded) => !(loaded instanceof ModelError));
  return {
    model: first instanceof ModelError ? undefined : first?.model,
    bandFor: (record) => providers.get(keyOf(record)),
  };
}

/** Records of one key have one band. */
function keyOf({ model, model_version, detector, threshold_divisor, step_s, left_out }: AnomalyRecord): string {
  return JSON.stringify([model, model_version, detector, threshold_divisor, step_s, left_out]);
}

/** @throws ModelError for a damaged model, and for a missing one that `--model` names and a record needs. */
function openModelFile(name: string, { folder, isRequired }: ModelPlaces, isNeeded: boolean): LoadedModel | ModelError {
  try {
    return loadModel(name, folder);
  } catch (thrown) {
    const isMissing = thrown instanceof ModelError && thrown.code === "model.missing";
    if (isMissing && !(isNeeded && isRequired)) return thrown;
    throw thrown;
  }
}

/** Why the band of a record cannot be drawn, as the end of a sentence. */
function problemOf(
  { detector, model, model_version }: AnomalyRecord,
  loaded: LoadedModel | ModelError,
): string | undefined {
  if (!isDetectorName(detector)) return `found by the detector ${detector}, which this version does not have`;
  // A record without one was made by a detector that needs no model, or by an older writer that does not say which version it was.
  if (!needsModel(detector)) return undefined;
  if (loaded instanceof ModelError) return loaded.message;
  if (model_version === null || model_version === modelVersion(loaded)) return undefined;
  return (
    `found by version ${model_version} of the model ${model}, but ${loaded.path} is version ${modelVersion(loaded)}; ` +
    "run infer again, or restore the model of then"
  );
}

async function providerOf(
  { detector: name, threshold_divisor, step_s, left_out }: AnomalyRecord,
  loaded: LoadedModel | ModelError,
  timezone: string | undefined,
): Promise<BandProvider> {
  const ready = await readyDetector(name, loaded instanceof ModelError ? undefined : loaded);
  const divisor = threshold_divisor ?? atThreshold(ready, undefined).divisor;
  const look = {
    stepMs: step_s * 1000,
    timezone: timezone ?? ready.loaded?.model.timezone ?? "UTC",
    silenceAfterMs: null,
  };
  const detector = openDetector({ ...ready, divisor }, look);
  const leftOut = leftOutRanges(left_out);
  return { historyMs: detector.historyMs, band: (series, range) => bandOf(detector, series, range, leftOut) };
}
