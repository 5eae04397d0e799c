import { needsModel, WITH_MODEL } from "../detectors/registry.js";
import { parseSpec } from "../detectors/spec.js";
import { ModelError } from "../errors/errors.js";
import { type LoadedModel, loadModel } from "../model/folder.js";
import { type Assignment, assignmentsOf } from "./assignment.js";
import type { Job } from "./job.js";

/** The detectors of a run, and the model that they use or at least take the known series from. */
export interface RunModel {
  /** Each series is looked at by one of them. */
  readonly assignments: readonly Assignment[];
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

/** What `train` is to learn beside what every model holds; nothing where a job says it already. */
function flagFor(detector: string): string {
  return detector === "auto" || parseSpec(detector).name === WITH_MODEL ? "" : ` --detector ${detector}`;
}

/**
 * Without a model each series is looked at against its own past, from the first run on. A model or detector that was named by a flag
 * is needed, though: leaving it out would be another answer than the one requested.
 *
 * @param load of a process that lives on: keeps what it has loaded.
 * @throws ModelError where it is missing, naming the command that makes it; and for a damaged one.
 */
export function runModel(
  { name: job, detector, model }: Pick<Job, "name" | "detector" | "model">,
  load: typeof loadModel = loadModel,
): RunModel {
  try {
    const loaded = load(model.name, model.folder);
    return { assignments: assignmentsOf(detector, loaded), loaded, name: loaded.name, isFallback: false };
  } catch (thrown) {
    if (!(thrown instanceof ModelError) || thrown.code !== "model.missing") throw thrown;
    if (detector === "auto" ? model.isRequired : needsModel(detector)) {
      throw new ModelError(
        "missing",
        `${thrown.message.replace(/; train one with: .*$/, "")}; make it with: ${trainCommand(job)}${flagFor(detector)}`,
        {
          cause: thrown,
        },
      );
    }
    const assignments = assignmentsOf(detector, undefined);
    return { assignments, loaded: undefined, name: model.name, isFallback: detector === "auto" };
  }
}
