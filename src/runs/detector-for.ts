import type { FittedDetector } from "../detectors/detector.js";
import { dividedDetector } from "../detectors/divided.js";
import { type Model, openModelAt, thresholdDivisor } from "../detectors/family/learned.js";
import { type Threshold, thresholdLevel } from "../detectors/threshold.js";
import type { MethodName } from "../evaluate/method-names.js";
import { type LoadedModel, modelVersion } from "../model/folder.js";
import type { RecordOrigin } from "../records/origin.js";

/** The method of infer where none is asked for: it has a model, so it uses it. */
export const USUAL_METHOD: MethodName = "family";

/** What no model tells a detector that does without one. */
export interface ResidualNeeds {
  readonly stepMs: number;
  /** Absent: the model's, and without one UTC. */
  readonly timezone?: string;
  readonly silenceAfterMs: number | null;
}

/** A detector with the threshold that its score 1 stands for. */
export interface ChosenDetector {
  readonly method: MethodName;
  /** As records write it: `p99`, `2/week`, `own`. */
  readonly threshold: string;
  /** What its scores are divided by. */
  readonly divisor: number;
}

export function chooseDetector(model: Model | undefined, method: MethodName, threshold: Threshold): ChosenDetector {
  if (method === "residual" || model === undefined) return { method, threshold: "own", divisor: 1 };
  return { method, threshold: thresholdLevel(threshold), divisor: thresholdDivisor(model, threshold) };
}

/**
 * The detector with its threshold at score 1.
 *
 * @param model only `residual` does without.
 */
export async function openDetector(
  model: Model | undefined,
  { method, divisor }: Pick<ChosenDetector, "method" | "divisor">,
  { stepMs, timezone, silenceAfterMs }: ResidualNeeds,
): Promise<FittedDetector> {
  if (method === "residual") {
    const [{ residualDetector }, { DEFAULT_RESIDUAL }] = await Promise.all([
      import("../detectors/residual/residual.js"),
      import("../detectors/residual/options.js"),
    ]);
    const options = silenceAfterMs === null ? DEFAULT_RESIDUAL : { ...DEFAULT_RESIDUAL, silenceAfterMs };
    return dividedDetector(residualDetector(stepMs, timezone ?? model?.plan.timezone, options), divisor);
  }
  if (model === undefined) throw new TypeError(`the detector ${method} needs a model`);
  return openModelAt(model, divisor);
}

/** What records of the detector say of where they come from. */
export function originOf(
  modelName: string,
  loaded: LoadedModel | undefined,
  { method, threshold, divisor }: ChosenDetector,
): Omit<RecordOrigin, "job"> {
  return {
    detector: method,
    model: methodName(modelName, method),
    model_version: method === "residual" || loaded === undefined ? null : modelVersion(loaded),
    threshold,
    threshold_divisor: divisor,
  };
}

/** What the records of a method are filed under: methods share no episodes. */
export function methodName(modelName: string, method: MethodName): string {
  return method === USUAL_METHOD ? modelName : `${modelName}+${method}`;
}

/** The name of the model in the `model` of a record. */
export function modelNameOf({ model, detector }: Pick<RecordOrigin, "model" | "detector">): string {
  return model.endsWith(`+${detector}`) ? model.slice(0, -detector.length - 1) : model;
}
