import { DETECTOR_NAMES } from "../detectors/registry.js";
import { isOwnedBy, type Owner } from "../records/origin.js";
import { seriesKey } from "../series/series.js";
import type { Memory } from "../store/memory.js";
import type { RunStore } from "../store/run/run-store.js";
import type { Assignment } from "./assignment.js";
import { atThreshold, type ChosenDetector, filedUnder as filedUnderName, readyDetector } from "./detector-for.js";
import type { Job } from "./job.js";
import { forgetOwn } from "./known-episodes.js";
import type { RunModel } from "./run-model.js";

/** Episodes that `auto` has found with a detector that does not look at their series any more. */
export function handedOverIds(
  { name: job }: Job,
  { name, assignments }: RunModel,
  store: RunStore,
): ReadonlySet<string> {
  const looks = (detector: string, key: string) =>
    assignments.some((one) => one.detector === detector && one.looksAt(key));
  return new Set(
    DETECTOR_NAMES.flatMap((detector) =>
      store
        .readMemory(filedUnderName(name, detector))
        .episodes.filter(
          (episode) =>
            episode.auto && isOwnedBy(episode, { job, detector }) && !looks(detector, seriesKey(episode.labels)),
        )
        .map(({ id }) => id),
    ),
  );
}

/** A detector of the run, ready to look at its series, with what it remembers. */
export interface OpenedShift extends Pick<Assignment, "looksAt"> {
  readonly name: string;
  readonly owner: Owner;
  readonly memory: Memory;
  readonly chosen: ChosenDetector;
}

/** Reads what earlier runs remember, and opens the detector. */
export async function openShift(
  job: Job,
  { loaded, name: modelName }: RunModel,
  { detector, divisor, looksAt }: Assignment,
  store: RunStore,
): Promise<OpenedShift> {
  const name = filedUnderName(modelName, detector);
  const owner = { job: job.name, detector };
  const remembered = store.readMemory(name);
  const ready = await readyDetector(detector, loaded);
  return {
    name,
    owner,
    looksAt,
    memory: job.isFresh ? forgetOwn(remembered, owner) : remembered,
    // Whoever requests a threshold gets that one; else the alert budget that the model was measured at is kept.
    chosen: job.threshold === null ? atThreshold(ready, undefined, divisor) : atThreshold(ready, job.threshold),
  };
}
