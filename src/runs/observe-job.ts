import type { DetectRequest } from "../anomalies/detect-request.js";
import { runPaused } from "../anomalies/trace.js";
import type { FittedDetector } from "../detectors/detector.js";
import { loadDetector } from "../detectors/registry.js";
import { createInventory, type KnownSeries } from "../series/inventory.js";
import { type Observed, observeWhole, type Subject } from "../watch/observe.js";
import { type Look, openDetector } from "./detector-for.js";

/** Everything that scoring the history of any series of a run needs: plain data, sent to a thread once. */
export interface ObservePlan {
  readonly detector: string;
  readonly learned: unknown;
  /** The series that it speaks of, in its order. */
  readonly known: readonly KnownSeries[];
  readonly divisor: number;
  readonly look: Look;
  readonly request: Omit<
    DetectRequest,
    "detector" | "inventory" | "series" | "problems" | "known" | "targetOf" | "leftOutOf"
  >;
  readonly checkpointMs: number;
}

/** One series to score, with the expression that fetches it again. */
export interface ObserveTask extends Subject {
  readonly target: string;
}

/** Makes a thread ready: what a plan says, opened once. */
export async function openObserver(plan: ObservePlan): Promise<(task: ObserveTask) => Observed> {
  const { learned, known, divisor, look, request, checkpointMs } = plan;
  const inventory = createInventory(known);
  const detector: FittedDetector = openDetector(
    { detector: await loadDetector(plan.detector), learned, inventory, divisor },
    look,
  );
  return ({ target, ...subject }) => {
    const whole = { ...request, detector, inventory, series: [], problems: [], known: [], targetOf: () => target };
    return runPaused(observeWhole(whole, subject, checkpointMs));
  };
}
