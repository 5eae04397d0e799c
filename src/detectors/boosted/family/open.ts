import type { Inventory } from "../../../series/inventory.js";
import { WEEK_MS } from "../../../time/duration.js";
import type { BandLimits } from "../../band/band-options.js";
import type { FittedDetector } from "../../detector.js";
import type { DetectorSettings } from "../../kind.js";
import { trainedBand } from "../../trained/trained-band.js";
import { FamilyForecaster } from "./family-forecaster.js";
import type { BoostedFamily } from "./learned.js";

export function openFamily(
  learned: BoostedFamily,
  inventory: Inventory,
  limits: BandLimits,
  settings: DetectorSettings,
): FittedDetector {
  const { stepMs, scales, lagsMs } = learned;
  // The noise of a week says where limits lie.
  const historyMs = Math.max(...lagsMs, WEEK_MS) + WEEK_MS;
  return trainedBand(
    {
      ...{ stepMs, inventory, scales, limits, historyMs, knowsOthers: true },
      open: (scale) => new FamilyForecaster(settings.timezone, learned, scale),
    },
    settings,
  );
}
