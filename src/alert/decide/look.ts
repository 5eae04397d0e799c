import type { Problem } from "../problem.js";

/** What is known at a moment. */
export interface Look {
  readonly nowMs: number;
  /** Everything that is wrong or was lately: of what is not here, episodes are over, and statuses of jobs that were looked at. */
  readonly problems: readonly Problem[];
  /** Jobs whose statuses are complete here. */
  readonly coveredJobs: readonly (string | null)[];
  /** Ids of problems that a silence holds for now. */
  readonly silenced: ReadonlySet<string>;
  /** Machines there are; 0: as many as have problems. */
  readonly fleetMachines: number;
}
