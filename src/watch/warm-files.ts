import { statSync } from "node:fs";
import { COLD_FILES, type PackedWatched, type WatchFile, type WatchFiles } from "./state-file.js";

/** Files of states whose contents stay in memory between the runs of one process. */
export interface WarmFiles extends WatchFiles {
  /** Bytes of states in memory. */
  readonly bytes: () => number;
  /** Lets go of files, the longest unused first, until at most this many bytes are left. @returns how many files. */
  readonly shed: (mostBytes: number) => number;
}

interface Warm {
  readonly belongsTo: string;
  readonly stamp: string;
  readonly states: ReadonlyMap<string, PackedWatched>;
  readonly bytes: number;
}

/**
 * What is written stays in memory, and so does what was read: a file is read again only if another process has written it since. The
 * files on disk are always whole, so that nothing is lost with the process, and memory can be let go at any moment.
 */
export function warmFiles(files: WatchFiles = COLD_FILES): WarmFiles {
  // The order of a Map is that of insertion: whatever is used is inserted again, so the first is the longest unused.
  const warm = new Map<string, Warm>();
  const keep = (path: string, belongsTo: string, states: ReadonlyMap<string, PackedWatched>) => {
    const stamp = stampOf(path);
    warm.delete(path);
    if (stamp === undefined) return;
    let bytes = 0;
    for (const state of states.values()) bytes += state.bytes.length;
    warm.set(path, { belongsTo, stamp, states, bytes });
  };
  return {
    open: (path, belongsTo) => {
      const known = warm.get(path);
      if (known !== undefined && known.belongsTo === belongsTo && known.stamp === stampOf(path)) {
        warm.delete(path);
        warm.set(path, known);
        return asFile(known.states);
      }
      const opened = files.open(path, belongsTo);
      if (opened === undefined) {
        warm.delete(path);
        return undefined;
      }
      const states = opened.read();
      keep(path, belongsTo, states);
      return asFile(states);
    },
    write: (path, belongsTo, series) => {
      const states = new Map(Array.from(series, (state) => [state.key, state]));
      files.write(path, belongsTo, states.values());
      keep(path, belongsTo, states);
    },
    bytes: () => [...warm.values()].reduce((sum, { bytes }) => sum + bytes, 0),
    shed: (mostBytes) => {
      let left = [...warm.values()].reduce((sum, { bytes }) => sum + bytes, 0);
      let shed = 0;
      for (const [path, { bytes }] of warm) {
        if (left <= mostBytes) break;
        warm.delete(path);
        left -= bytes;
        shed++;
      }
      return shed;
    },
  };
}

function asFile(states: ReadonlyMap<string, PackedWatched>): WatchFile {
  return { entries: [...states.values()], read: () => new Map(states) };
}

/** Changes whenever the file is written: files are replaced, never changed in place. */
function stampOf(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? undefined : `${stat.ino} ${stat.size} ${stat.mtimeNs}`;
}
