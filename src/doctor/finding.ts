/** How a check came out. `unknown`: it could not be made, and why. */
export type Verdict = "ok" | "warning" | "failed" | "unknown";

/** What a check found, in a sentence; holds no secret. */
export interface Finding {
  /** `reachable`, `rights`, `datasource`, `clock`, `series`, `step`, `gaps`, `settle`, `counters`, `archives`, `history`. */
  readonly check: string;
  readonly verdict: Verdict;
  readonly says: string;
}
