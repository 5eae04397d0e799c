import { encodeFamily } from "../../detectors/family/codec.js";
import type { Trained } from "../../detectors/family/fit/training.js";
import { DEFAULT_THRESHOLD } from "../../detectors/threshold.js";
import type { Model } from "../model.js";

/** What `train` would write of a training. */
export function testModel({ model, inventory, unit, options, summary }: Trained, changes: Partial<Model> = {}): Model {
  return {
    stepMs: summary.stepMs,
    timezone: "UTC",
    inventory,
    unit,
    threshold: DEFAULT_THRESHOLD,
    fingerprint: "0".repeat(64),
    options,
    sections: { family: encodeFamily(model) },
    ...changes,
  };
}
