import { fileStamp } from "../files/file-stamp.js";
import { MINUTE_MS } from "../time/duration.js";
import { type LiveSeries, liveSeries } from "./live-series.js";
import { COLD_FILES, type PackedWatched, type WatchFile, type WatchFiles } from "./state-file.js";

/** Files of states whose contents stay in memory between the runs of one process. */
export interface WarmFiles extends WatchFiles {
  readonly live: LiveSeries;
  /** Bytes of states in memory, and of the scorers of live series. */
  readonly bytes: () => number;
  /** Writes what is only in memory. @throws OutputError if it cannot be written; what is left is tried again by the next. */
  readonly flush: () => void;
  /** Lets go of files, the longest unused first, until at most this many bytes are left. @returns how many files. */
  readonly shed: (mostBytes: number) => number;
}

interface Warm {
  readonly belongsTo: string;
  /** Of the file on disk, which may be some runs older. */
  readonly stamp: string;
  readonly states: ReadonlyMap<string, PackedWatched>;
  readonly bytes: number;
  readonly writtenMs: number;
  /** Not on disk yet. */
  readonly isDirty: boolean;
}

/**
 * A file is not written more often than this. A thousand series at one-minute steps are 80 MB, each minute; after a `kill -9` the next process
 * continues from a checkpoint some minutes old, and says the same.
 */
const WRITE_EVERY_MS = 5 * MINUTE_MS;

/**
 * What is written stays in memory, and so does what was read: a file is read again only if another process has written it since. The
 * files on disk are always whole and at most some minutes old, so that nothing is lost with the process.
 *
 * @param nowMs a clock; only differences count.
 */
export function warmFiles(files: WatchFiles = COLD_FILES, nowMs: () => number = () => performance.now()): WarmFiles {
  // The order of a Map is that of insertion: whatever is used is inserted again, so the first is the longest unused.
  const warm = new Map<string, Warm>();
  const live = liveSeries();
  const bytesOf = ({ bytes, states }: Warm) => {
    let all = bytes;
    for (const state of states.values()) all += live.of(state)?.bytes ?? 0;
    return all;
  };
  const bytes = () => [...warm.values()].reduce((sum, one) => sum + bytesOf(one), 0);
  const keep = (path: string, one: Omit<Warm, "bytes">) => {
    let bytes = 0;
    for (const state of one.states.values()) bytes += state.bytes.length;
    warm.delete(path);
    warm.set(path, { ...one, bytes });
  };
  const save = (path: string, belongsTo: string, states: Warm["states"]) => {
    files.write(path, belongsTo, states.values());
    const stamp = fileStamp(path);
    if (stamp === undefined) warm.delete(path);
    else keep(path, { belongsTo, stamp, states, writtenMs: nowMs(), isDirty: false });
  };
  return {
    live,
    open: (path, belongsTo) => {
      const known = warm.get(path);
      if (known !== undefined && known.belongsTo === belongsTo && known.stamp === fileStamp(path)) {
        keep(path, known);
        return asFile(known.states);
      }
      warm.delete(path);
      const opened = files.open(path, belongsTo);
      const stamp = fileStamp(path);
      if (opened === undefined || stamp === undefined) return undefined;
      const states = opened.read();
      keep(path, { belongsTo, stamp, states, writtenMs: nowMs(), isDirty: false });
      return asFile(states);
    },
    write: (path, belongsTo, series) => {
      const states = new Map(Array.from(series, (state) => [state.key, state]));
      const known = warm.get(path);
      const isLate = known === undefined || nowMs() - known.writtenMs >= WRITE_EVERY_MS;
      // What another process has put there is not to be kept beside ours: the newest whole file counts.
      if (isLate || known.belongsTo !== belongsTo || known.stamp !== fileStamp(path)) save(path, belongsTo, states);
      else keep(path, { ...known, states, isDirty: true });
    },
    flush: () => {
      for (const [path, { belongsTo, states, stamp, isDirty }] of [...warm]) {
        if (!isDirty) continue;
        // What another process has removed or written since is as it is.
        if (fileStamp(path) !== stamp) warm.delete(path);
        else save(path, belongsTo, states);
      }
    },
    bytes,
    shed: (mostBytes) => {
      let left = bytes();
      let shed = 0;
      for (const [path, one] of [...warm]) {
        if (left <= mostBytes) break;
        const { isDirty, belongsTo, states, stamp } = one;
        left -= bytesOf(one);
        if (isDirty && fileStamp(path) === stamp) save(path, belongsTo, states);
        warm.delete(path);
        shed++;
      }
      return shed;
    },
  };
}

function asFile(states: ReadonlyMap<string, PackedWatched>): WatchFile {
  return { entries: [...states.values()], read: () => new Map(states) };
}
