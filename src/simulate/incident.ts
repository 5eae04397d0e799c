/** The labelled kinds, in the order in which they are placed. Each is also an `EpisodeKind` of the records. */
export const INCIDENT_KINDS = ["spike", "level_shift", "drift", "stall", "drop", "silence"] as const;
export type IncidentKind = (typeof INCIDENT_KINDS)[number];

/** What is known to be wrong in the live part, as it is in `truth.json`. The interval is `[startMs, endMs)`. */
export interface Incident {
  readonly machine: string;
  readonly aggregator: string;
  readonly kind: IncidentKind;
  readonly startMs: number;
  readonly endMs: number;
}

/** An incident together with what is needed to draw it into its series. */
export interface PlannedIncident extends Incident {
  readonly machineIndex: number;
  readonly aggregatorIndex: number;
  /** Slots counted from the start of the history; `[startSlot, endSlot)`. */
  readonly startSlot: number;
  readonly endSlot: number;
  /** Height in units of the machine's level: what is added (or, below 0, what share is taken away). */
  readonly size: number;
}
