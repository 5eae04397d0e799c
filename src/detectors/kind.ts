import type { Inventory } from "../series/inventory.js";
import type { FittedDetector } from "./detector.js";
import type { Fit } from "./fit.js";
import type { OptionTable } from "./options.js";
import type { Threshold } from "./threshold.js";

export type Numbers = Float64Array | Float32Array | Int32Array | Uint8Array;

/** What a detector has learned, as a model file holds it: everything small as JSON, and arrays by name, in order. */
export interface Section {
  readonly header: unknown;
  readonly arrays: Readonly<Record<string, Numbers>>;
}

/** How a detector is opened. */
export interface DetectorSettings {
  /** The grid of the series. */
  readonly stepMs: number;
  /** Whose clock people keep. */
  readonly timezone: string;
  /** No value for this long is a silence; null: by each series' own gaps. */
  readonly silenceAfterMs: number | null;
  /** Where the threshold lies on the detector's own scores: they are divided by it. 1 leaves it where it is. */
  readonly divisor: number;
}

/**
 * A kind of detector: how it learns, scores and is kept. Nothing outside its folder and the registry knows more of it than this.
 *
 * `Learned` is its own: whatever it keeps between learning and scoring, null where it learns of each series as it scores.
 */
export interface Detector<Learned = unknown> {
  /** As `formatSpec` writes it: with the options that were set. */
  readonly name: string;
  /** What can be set of it; absent where nothing can. */
  readonly options?: OptionTable;
  /** The detector with other options, by the texts that people write. @throws UsageError for one that it does not have, or a value that is none. */
  readonly configure?: (set: Readonly<Record<string, string>>) => Detector<Learned>;
  /** Loads how it learns; absent where nothing is learned beforehand and no model is needed. Scoring does not load it. */
  readonly loadFit?: () => Promise<Fit<Learned>>;
  /**
   * Where a threshold lies on its scores, as what it learned says. Null: it calibrates each series by itself, at its own threshold, and
   * another one is read from the past of the series.
   */
  readonly divisorOf: (learned: Learned, threshold: Threshold) => number | null;
  readonly open: (learned: Learned, inventory: Inventory, settings: DetectorSettings) => FittedDetector;
  /** The section of a model file; absent where there is nothing to keep. */
  readonly encode?: (learned: Learned) => Section;
  /** @throws RangeError saying what does not fit; nothing in a section is trusted. */
  readonly decode?: (section: Section, seriesCount: number) => Learned;
}
