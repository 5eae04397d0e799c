import { ModelError } from "../errors/errors.js";
import type { MethodName } from "../evaluate/method-names.js";
import { type LoadedModel, loadModel } from "../model/folder.js";
import { USUAL_METHOD } from "./detector-for.js";
import type { Job } from "./job.js";

/** The detector of a run, and the model that it uses or at least takes the known series from. */
export interface RunModel {
  readonly method: MethodName;
  /** Undefined where there is none, and the detector does without. */
  readonly loaded: LoadedModel | undefined;
  readonly name: string;
  /** No model was there, so the detector that needs none has been taken. */
  readonly isFallback: boolean;
}

/** The command that makes the model, as it is typed for this run. */
export function trainCommand(job: string | null): string {
  return job === null ? "anomaly train" : `anomaly train --job ${job}`;
}

/**
 * Without a model each series is looked at against its own past, from the first run on. A model or detector that was named by a flag
 * is needed, though: leaving it out would be another answer than the one requested.
 *
 * @throws ModelError where it is missing, naming the command that makes it; and for a damaged one.
 */
export function runModel({ name: job, detector, model }: Pick<Job, "name" | "detector" | "model">): RunModel {
  const method = detector ?? USUAL_METHOD;
  try {
    const loaded = loadModel(model.name, model.folder);
    return { method, loaded, name: loaded.name, isFallback: false };
  } catch (thrown) {
    if (!(thrown instanceof ModelError) || thrown.code !== "model.missing") throw thrown;
    if (detector === "family" || (model.isRequired && method !== "residual")) {
      throw new ModelError(
        "missing",
        `${thrown.message.replace(/; train one with: .*$/, "")}; make it with: ${trainCommand(job)}`,
        {
          cause: thrown,
        },
      );
    }
    return { method: "residual", loaded: undefined, name: model.name, isFallback: method !== "residual" };
  }
}
