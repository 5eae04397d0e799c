import type { Knobs } from "../anomalies/knobs.js";
import type { Threshold } from "../detectors/threshold.js";
import type { DetectorChoice } from "./assignment.js";
import type { SourceSpec } from "./source/source-spec.js";

/** Which time a run reports on; moments as people write them, read when the run begins. */
export interface RangeSpec {
  readonly from?: string;
  readonly until?: string;
  readonly at?: string;
  /** Without `from`: so long before the end, ms. */
  readonly lookback: number;
}

/**
 * What is to be run: plain data, the same after a way through JSON, so that a file, a schedule or a queue can hold it.
 */
export interface Job {
  /** Its name in anomaly.yaml; null for a run of the command line. Part of the identity of its records. */
  readonly name: string | null;
  readonly source: SourceSpec;
  /** `auto`: for each series the one that the model says has the most power, and while there is no model one that needs none. */
  readonly detector: DetectorChoice;
  readonly model: {
    readonly name: string;
    readonly folder: string;
    /** A run without the model would be another answer than the one requested. */
    readonly isRequired: boolean;
  };
  /** Null: the model's own, or the detector's. */
  readonly threshold: Threshold | null;
  readonly knobs: Knobs;
  readonly range: RangeSpec;
  /** Null: the model's, and without one UTC. */
  readonly timezone: string | null;
  /** Nothing is taken from earlier runs of this job. */
  readonly isFresh: boolean;
  readonly withEvidence: boolean;
  /** Series that share these labels are also looked at together. Absent: none are. */
  readonly groupBy?: readonly string[];
}
