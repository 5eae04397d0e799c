import type { SeriesStatus } from "../../records/status.js";
import type { Live } from "../../watch/live.js";
import type { PackedWatched, WatchEntry } from "../../watch/state-file.js";
import type { Remembered } from "../../watch/watch-store.js";
import type { Watched } from "../../watch/watched.js";
import type { Memory } from "../memory.js";

/**
 * What outlives a run, by the name that a job's runs are filed under: the episodes that were reported, where scoring stands
 * in each series, and what was said of each. The files of the command line are one such store; whatever passes
 * `testing/run-contract.ts` can be another.
 */
export interface RunStore {
  readonly readMemory: (name: string) => Memory;
  readonly writeMemory: (name: string, memory: Memory) => void;
  /** Opens the checkpoints of a run; what was made by or for something else, or is not `isUseful`, is not read. */
  readonly openCheckpoints: (name: string, request: CheckpointRequest) => Checkpoints;
  /** The statuses of the newest run; those of the run before are replaced. */
  readonly writeStatuses: (statuses: readonly SeriesStatus[]) => void;
}

export interface CheckpointRequest {
  /** Names the model, threshold, knobs and source that checkpoints must have been made with. */
  readonly belongsTo: string;
  /** About how many series there will be. */
  readonly seriesCount: number;
  readonly isUseful: (entry: WatchEntry) => boolean;
}

/** The checkpoint of each series. */
export interface Checkpoints {
  /** By series: the moment up to which it was scored; useful ones only. */
  readonly checkpoints: () => ReadonlyMap<string, number>;
  /** Whether a series was seen by an earlier run, even if its checkpoint is of no use now. */
  readonly has: (key: string) => boolean;
  /** One after the other; a state is overwritten by the next and must not be kept. */
  readonly each: () => Iterable<Remembered>;
  /** Whether a live series that takes this much memory may be kept for the next run of this process. */
  readonly hasRoom: (bytes: number) => boolean;
  /** Keeps the live one of the series that `each` has come to; undefined: lets go of it. */
  readonly keepLive: (live: Live | undefined) => void;
  /** Takes the checkpoint that the live one of the series that `each` has come to has moved to. */
  readonly putLive: (checkpoint: PackedWatched, live: Live) => void;
  /** Takes a copy: the state may be overwritten afterwards. */
  readonly put: (key: string, watched: Watched) => void;
  /** Makes what was put last. @throws OutputError if it cannot be written. */
  readonly write: () => void;
}
