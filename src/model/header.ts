import type { Threshold } from "../detectors/threshold.js";
import type { KnownSeries } from "../series/inventory.js";
import type { Choice } from "./choice.js";

export type ArrayType = "f64" | "f32" | "i32" | "u8";

/** Where an array is. */
export interface ArrayEntry {
  readonly name: string;
  readonly type: ArrayType;
  readonly length: number;
  /** From the start of the arrays. */
  readonly offset: number;
}

export interface SectionEntry {
  readonly detector: string;
  readonly header: unknown;
  readonly arrays: readonly ArrayEntry[];
}

/** The JSON of a model file. */
export interface Header {
  readonly stepMs: number;
  readonly timezone: string;
  readonly unit: string | null;
  readonly threshold: Threshold;
  readonly fingerprint: string;
  readonly options: Readonly<Record<string, string | number | boolean | null>>;
  readonly series: readonly KnownSeries[];
  readonly sections: readonly SectionEntry[];
  /** Absent where none was measured, as in files of version 0.1. */
  readonly choice?: Choice;
}
