import type { FittedDetector } from "../detectors/detector.js";
import { UsageError } from "../errors/errors.js";
import { METHOD_NAMES, type MethodName } from "../evaluate/method-names.js";
import { type Model, openModel } from "../model/model.js";
import type { Threshold } from "../model/threshold.js";

/** The method of infer where none is asked for: it has a model, so it uses it. */
export const USUAL_METHOD: MethodName = "family";

/** The detector that looks at the series of a model; of `residual` the model tells the series and their step only. */
export async function detectorFor(model: Model, method: MethodName, threshold: Threshold): Promise<FittedDetector> {
  if (method !== "residual") return openModel(model, threshold);
  const { residualDetector } = await import("../detectors/residual/residual.js");
  return residualDetector(model.plan.stepMs);
}

/** What the records of a method are filed under: methods share no episodes. */
export function methodName(modelName: string, method: MethodName): string {
  return method === USUAL_METHOD ? modelName : `${modelName}+${method}`;
}

/** The model and the method of a record's `model`. */
export function methodOf(name: string): { readonly modelName: string; readonly method: MethodName } {
  const method = METHOD_NAMES.find((one) => name.endsWith(`+${one}`));
  return method === undefined
    ? { modelName: name, method: USUAL_METHOD }
    : { modelName: name.slice(0, -method.length - 1), method };
}

/** @throws UsageError for a threshold that the method does not take. */
export function checkThreshold(
  method: MethodName,
  options: { readonly maxEpisodes: number | undefined },
  origins: { readonly threshold: string },
): void {
  if (method !== "residual") return;
  const flag = options.maxEpisodes !== undefined ? "--max-episodes" : "--threshold";
  if (options.maxEpisodes === undefined && origins.threshold === "default") return;
  throw new UsageError(
    "threshold",
    `${flag} is of no use to infer --detector residual, which calibrates itself by each series' own past; leave it out, or use --detector family`,
  );
}
