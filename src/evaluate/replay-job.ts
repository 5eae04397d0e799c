import type { Detector } from "../detectors/kind.js";
import { loadDetector } from "../detectors/registry.js";
import { writeFileAtomic } from "../files/atomic.js";
import type { AnomalyRecord } from "../records/record.js";
import type { SeriesFigures } from "./figures.js";
import type { FittedAt } from "./fitting.js";
import { type ReplayPlan, type ReplayTask, replay } from "./replay.js";
import { scoreCsv } from "./score-rows.js";

/** A task with the file that its scores go to; null: none is written. */
export interface ReplayJob extends ReplayTask {
  readonly path: string | null;
}

/** What is kept of a replayed series once its scores are written. */
export interface ReplayOutcome {
  readonly score: Float64Array;
  readonly figures: SeriesFigures;
  readonly records: readonly AnomalyRecord[];
}

/** Replays one series and writes its scores; the same in any thread. */
export async function runReplay(job: ReplayJob, plan: ReplayPlan): Promise<ReplayOutcome> {
  const detectors = new Map<string, Detector>();
  const nameOf = (fit: FittedAt) => fit.detector ?? plan.detector;
  for (const name of new Set(plan.fits[job.group].map(nameOf))) detectors.set(name, await loadDetector(name));
  const detectorOf = (fit: FittedAt) => detectors.get(nameOf(fit)) as Detector;
  const { trace, score, figures, records } = replay(job, plan, detectorOf);
  if (job.path !== null) writeFileAtomic(job.path, scoreCsv(trace, job.label));
  return { score, figures, records };
}
