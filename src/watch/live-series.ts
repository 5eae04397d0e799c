import type { Live } from "./live.js";
import type { PackedWatched, WatchFiles } from "./state-file.js";

/** Files of states, with the live series of the process that reads them. Default: there are none. */
export interface LiveFiles extends WatchFiles {
  readonly live?: LiveSeries;
}

/** The live series of a process, each by the checkpoint that it continues from: with that it is let go of. */
export interface LiveSeries {
  readonly of: (checkpoint: PackedWatched) => Live | undefined;
  /** Whether another one that takes this much memory may be kept. */
  readonly hasRoom: (bytes: number) => boolean;
  readonly keep: (checkpoint: PackedWatched, live: Live) => void;
  readonly drop: (checkpoint: PackedWatched) => void;
  /** How much more memory those that are kept from now on may take. */
  readonly setRoom: (bytes: number) => void;
}

export function liveSeries(): LiveSeries {
  const live = new WeakMap<PackedWatched, Live>();
  let room = Number.POSITIVE_INFINITY;
  const drop = (checkpoint: PackedWatched) => {
    room += live.get(checkpoint)?.bytes ?? 0;
    live.delete(checkpoint);
  };
  return {
    of: (checkpoint) => live.get(checkpoint),
    hasRoom: (bytes) => bytes <= room,
    keep: (checkpoint, one) => {
      drop(checkpoint);
      live.set(checkpoint, one);
      room -= one.bytes;
    },
    drop,
    setRoom: (bytes) => {
      room = bytes;
    },
  };
}
