/** What a run takes from the process around it: handed in, so that a test or a server can stand in for a shell. */
export interface Surroundings {
  /** Holds secrets, or the paths of files with them. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The wall clock, epoch ms. */
  readonly nowMs: () => number;
  /** Ends the run when it is aborted. */
  readonly signal: AbortSignal;
  /** Takes what a person should know of although the run continues. */
  readonly warn: (message: string) => void;
  /** Takes what only someone who looks closely wants to know: requests, batches, reuse, timings. */
  readonly debug: (message: string) => void;
  /** How far the run is; it may throw to end it. */
  readonly onProgress: (done: number, total: number, note?: string) => void;
}
