/**
 * Where a record comes from: everything that is needed to make its score and its band once more, and whose record it is. Job and
 * detector are part of an episode's identity; the rest may change while an episode continues.
 */
export interface RecordOrigin {
  /** Name of the job in anomaly.yaml; null for a run without one. */
  readonly job: string | null;
  /** Name of the detector: `family`, `residual`. */
  readonly detector: string;
  /** Name of the model; what a detector without a model is filed under. */
  readonly model: string;
  /** The beginning of the model file's sha256 (`modelVersion`); null where the detector uses no model. */
  readonly model_version: string | null;
  /** The level that was requested: `p99`, `2/week`; `own` where each series sets its own. */
  readonly threshold: string | null;
  /** What the detector's own scores were divided by so that 1 is that level; null where an older writer did not say. */
  readonly threshold_divisor: number | null;
  /** Uid of the data source in Grafana that was asked; absent where none was. */
  readonly datasource_uid?: string;
}

/** Whose episodes: runs of one owner continue each other's episodes, and touch nobody else's. */
export type Owner = Pick<RecordOrigin, "job" | "detector">;

/** What an older writer has left of it: the job was not written, and the detector stood behind the model's name. */
type Owned = Partial<Owner> & { readonly model?: string };

/** Whether a record or a remembered episode is of this owner. One without a job is older than jobs in records, and anyone's. */
export function isOwnedBy(owned: Owned, { job, detector }: Owner): boolean {
  return (owned.job === undefined || owned.job === job) && (detectorOf(owned) ?? detector) === detector;
}

/** The detector of a record of any age; undefined where it names neither detector nor model. */
export function detectorOf({ detector, model }: Owned): string | undefined {
  if (detector !== undefined || model === undefined) return detector;
  return model.endsWith("+residual") ? "residual" : "family";
}
