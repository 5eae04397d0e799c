import type { Section } from "../detectors/kind.js";
import type { Threshold } from "../detectors/threshold.js";
import type { Inventory } from "../series/inventory.js";
import type { Choice } from "./choice.js";

/**
 * A fitted artefact: which series it was made of, and a section for each detector that was fitted on them. What a section
 * holds is the detector's own.
 */
export interface Model {
  readonly stepMs: number;
  /** IANA zone whose clock people keep. */
  readonly timezone: string;
  readonly inventory: Inventory;
  /** Unit of the values, where the data said it. */
  readonly unit: string | null;
  /** The threshold chosen at training; `infer` may choose another. */
  readonly threshold: Threshold;
  /** sha256 (hex) of the data it was trained on. */
  readonly fingerprint: string;
  /** The options of the training that shape the result, for people and for reproducing. */
  readonly options: Readonly<Record<string, string | number | boolean | null>>;
  /** By the name of the detector. */
  readonly sections: Readonly<Record<string, Section>>;
  /** Which detector looks at which series; absent where that was not measured. */
  readonly choice?: Choice;
}
