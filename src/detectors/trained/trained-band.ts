import type { Inventory } from "../../series/inventory.js";
import { DAY_MS } from "../../time/duration.js";
import type { BandLimits } from "../band/band-options.js";
import { BandScorer } from "../band/band-scorer.js";
import type { Forecaster } from "../band/forecaster.js";
import type { FittedDetector, SeriesKnowledge } from "../detector.js";
import { dividedDetector } from "../divided.js";
import type { DetectorSettings } from "../kind.js";
import { ScorerByClass } from "../machine/by-class.js";
import { leastSilenceSlots } from "../machine/run-watch.js";
import { type SeriesScale, scaleOf } from "./series-scale.js";

/** A series with its scale. */
interface ScaledKnowledge extends SeriesKnowledge, SeriesScale {
  /** In the inventory; undefined for one that is not in it. */
  readonly place: number | undefined;
}

/** What makes one detector with a trained forecaster differ from another. */
export interface TrainedBand {
  readonly stepMs: number;
  readonly inventory: Inventory;
  /** Of the series of the inventory, in its order. */
  readonly scales: readonly SeriesScale[];
  readonly limits: BandLimits;
  readonly historyMs: number;
  /** Whether it forecasts series that it was not trained on, by a scale of their own. */
  readonly knowsOthers: boolean;
  /** A forecaster that has seen nothing yet. */
  readonly open: (scale: SeriesScale, place: number | undefined) => Forecaster;
}

/** A band around what a trained forecaster expects. */
export function trainedBand(
  { stepMs, inventory, scales, limits, historyMs, knowsOthers, open }: TrainedBand,
  { silenceAfterMs, divisor }: DetectorSettings,
): FittedDetector {
  const silence = silenceAfterMs ?? undefined;
  const silenceSlots = leastSilenceSlots(stepMs, silence);
  const detector: FittedDetector = {
    stepMs,
    historyMs,
    warmUpMs: DAY_MS,
    describesAfterMs: knowsOthers ? DAY_MS : 0,
    learnedOf: (key) => {
      const place = inventory.indexOf(key);
      if (place === undefined) return undefined;
      const known: ScaledKnowledge = { silenceSlots, place, ...scales[place] };
      return known;
    },
    describe: ({ values }) => {
      const known: ScaledKnowledge = { silenceSlots, place: undefined, ...scaleOf(values, stepMs) };
      return known;
    },
    usualOf: (known) => (known as ScaledKnowledge).location,
    open: (known) => {
      const { place, ...scale } = known as ScaledKnowledge;
      return new ScorerByClass(stepMs, () => new BandScorer(stepMs, open(scale, place), limits, silence));
    },
  };
  return dividedDetector(detector, divisor);
}
