import type { Detector } from "../kind.js";
import { decodeFamily, encodeFamily } from "./codec.js";
import { type FamilyModel, openFamily, thresholdDivisor } from "./learned.js";

/** One consolidated forest model for a family of series, each scaled by its own profile; see docs/detection.md. */
export const family: Detector<FamilyModel> = {
  name: "family",
  loadFit: async () => (await import("./fit/family-fit.js")).familyFit,
  divisorOf: thresholdDivisor,
  open: openFamily,
  encode: encodeFamily,
  decode: decodeFamily,
};
