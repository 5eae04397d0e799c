import type { FittedDetector } from "../../detectors/detector.js";
import { loadDetector } from "../../detectors/registry.js";
import { exclude } from "../../series/exclude.js";
import { createInventory, type KnownSeries } from "../../series/inventory.js";
import type { TimeRange } from "../../series/series.js";
import { type StoredSeries, takeSlots } from "../../shelf/stored-series.js";
import { examine, type Smallest, type Subject, scoreClean } from "./examine.js";
import type { Clean } from "./probe.js";

/** A detector that may be chosen. */
export interface Candidate {
  readonly name: string;
  /** Null where it learns of each series as it scores. */
  readonly learned: unknown;
  /** What its scores are divided by so that 1 is its own threshold. */
  readonly divisor: number;
}

/** What examining any series of a model needs: plain data, sent to a thread once. */
export interface PowerPlan {
  readonly candidates: readonly Candidate[];
  readonly series: readonly StoredSeries[];
  /** Of each series, what sizes are counted in. */
  readonly spreads: readonly number[];
  /** The series that the candidates speak of, in their order. */
  readonly known: readonly KnownSeries[];
  readonly stepMs: number;
  readonly timezone: string;
  /** Days that no candidate was fitted on. */
  readonly heldOut: TimeRange;
  readonly exclude: readonly TimeRange[];
  readonly seed: number;
}

/** First every series is scored as it is, then incidents are tried in it, by thresholds that all of them together have given. */
export type PowerTask =
  | { readonly kind: "clean"; readonly series: number }
  | {
      readonly kind: "incidents";
      readonly series: number;
      readonly clean: readonly Clean[];
      /** By detector, the score that is an alarm; one list after the other is tried. */
      readonly thresholds: readonly (readonly number[])[];
    };

export type CleanResult = readonly Clean[] | undefined;
/** By list of thresholds and detector. */
export type IncidentsResult = readonly (readonly Smallest[])[];

/** Series do not share their draws. */
const SEEDS_A_SERIES = 1000;

/** Opens the candidates once; the same in any thread. */
export async function openPower(plan: PowerPlan): Promise<(task: PowerTask) => CleanResult | IncidentsResult> {
  const { stepMs, timezone } = plan;
  const inventory = createInventory(plan.known);
  const detectors: FittedDetector[] = [];
  for (const { name, learned, divisor } of plan.candidates) {
    const settings = { stepMs, timezone, silenceAfterMs: null, divisor };
    detectors.push((await loadDetector(name)).open(learned, inventory, settings));
  }
  const historyMs = Math.max(...detectors.map((detector) => detector.historyMs));
  return (task) => {
    const subject = subjectOf(plan, task.series, historyMs);
    return task.kind === "clean"
      ? scoreClean(detectors, subject)
      : examine(detectors, subject, task.clean, task.thresholds);
  };
}

function subjectOf(plan: PowerPlan, number: number, historyMs: number): Subject {
  const { series, spreads, heldOut, seed } = plan;
  const stored = series[number];
  const slotAt = (timeMs: number) =>
    Math.max(0, Math.min(stored.length, Math.floor((timeMs - stored.startMs) / stored.stepMs)));
  const slots = takeSlots(stored, slotAt(heldOut.startMs - historyMs), slotAt(heldOut.endMs));
  // Each series draws its own places, whichever others there are.
  return {
    series: exclude(slots, plan.exclude),
    countedFromMs: heldOut.startMs,
    spread: spreads[number],
    seed: seed + SEEDS_A_SERIES * number,
  };
}
