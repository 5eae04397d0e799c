import type { Model } from "../detectors/family/learned.js";
import type { View } from "../features/feature-machine.js";

export type ForestArray = "roots" | "feature" | "threshold" | "left" | "leaves";
export type ArrayName = `${View}.${ForestArray}` | "dailyMaxima" | "profiles";
export type ArrayType = "f64" | "f32" | "i32" | "u8";

export interface ArrayEntry {
  readonly name: ArrayName;
  readonly type: ArrayType;
  readonly length: number;
  /** From the start of the arrays. */
  readonly offset: number;
}

export interface Header extends Omit<Model, "forests" | "calibration" | "series"> {
  readonly featureCounts: Readonly<Record<View, number>>;
  readonly divisors: Model["calibration"]["divisors"];
  readonly seriesDays: number;
  readonly series: readonly { readonly name: string; readonly labels: Readonly<Record<string, string>> }[];
  readonly arrays: readonly ArrayEntry[];
}
