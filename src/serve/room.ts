import type { KnownEvent } from "../records/known-event.js";
import type { Store } from "../store/store.js";
import type { AfterRuns } from "./after-run.js";
import type { OwnMetrics } from "./exposition/own-metrics.js";
import type { Findings } from "./findings.js";
import type { ServedJob } from "./run/order.js";

/** A part of the server that begins and ends with it. */
export interface Room {
  /** Takes the jobs that are served from now on: once before `start`, and after each reload. */
  readonly setJobs?: (jobs: readonly ServedJob[]) => void;
  /** Begins its work. Called once the port is ours, because threads would keep a failed start alive. */
  readonly start?: () => void;
  /** Ends what is under way, beside the other rooms: its listener may still hear of the last run. Also called where the server never started. */
  readonly close: () => Promise<void>;
}

/** The events that runs are given: of the forty days before a moment, or before now where that is earlier, up to tomorrow. */
export type ServedEvents = (beforeMs?: number) => Promise<readonly KnownEvent[]>;

/** What every room may use. */
export interface House {
  readonly findings: Findings;
  readonly own: OwnMetrics;
  /** Where a room says what it wants to do after each run. */
  readonly afterRuns: AfterRuns;
  /** What outlives a run: episodes, verdicts, silences, events, deliveries. It is closed after all rooms. */
  readonly store: Store;
  readonly knownEvents: ServedEvents;
  /** The jobs that are served now. */
  readonly jobs: () => readonly ServedJob[];
  readonly nowMs: () => number;
  readonly log: (level: "debug" | "info" | "warn" | "error", message: string, job?: string) => void;
}
