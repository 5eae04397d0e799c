import type { Labels } from "../../series/series.js";
import type { StoredSeries } from "../../shelf/stored-series.js";

/** What is trained on, whether files or a server gave it. */
export interface TrainingHistory {
  readonly series: readonly StoredSeries[];
  /** Series that are not among `series`, each with the reason in words. */
  readonly leftOut: readonly { readonly name: string; readonly labels: Labels; readonly reason: string }[];
  /** What could not be fetched: the model lacks it, and the run ends with status 1. */
  readonly failures: readonly { readonly name: string; readonly reason: string }[];
  /** Where it came from, for the manifest: files, or the server and what was asked of it. */
  readonly origins: readonly string[];
  /** What was found, line by line, for people. */
  readonly lines: readonly string[];
  /** Things worth a line of their own. */
  readonly notes: readonly string[];
  /** SHA-256, hex, of the data. */
  readonly fingerprint: string;
  /** How this was read, to be kept with the model so that it is read the same way later. */
  readonly options: Readonly<Record<string, string | number | boolean | null>>;
  /** For `--json`. */
  readonly json: Readonly<Record<string, unknown>>;
}
