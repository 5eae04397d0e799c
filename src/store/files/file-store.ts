import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { LockedError } from "../../errors/errors.js";
import { acquireLock, type Lock, lockPath } from "../../files/lock.js";
import { checkRows } from "../check-rows.js";
import { oneAtATime } from "../one-at-a-time.js";
import { STORE_FILE } from "../place.js";
import { bytesOf, overMaps, readMaps } from "../row-maps.js";
import type { Reading, Store } from "../store.js";
import { LogFile } from "./log-file.js";

export interface FileStoreOptions {
  /** Takes what people should know, such as that a torn line was dropped. */
  readonly note?: (sentence: string) => void;
  /** How long a writer waits for others. */
  readonly patienceMs?: number;
}

/** A transaction takes milliseconds; where one takes longer, something is wrong with the disk or the process. */
const PATIENCE_MS = 10_000;
const FIRST_WAIT_MS = 2;
const LONGEST_WAIT_MS = 50;

/**
 * The store of single commands: one log in a folder, and all rows in memory.
 *
 * @throws InputError when first used, if the log is damaged or of a newer version.
 */
export function fileStore(folder: string, { note = () => {}, patienceMs = PATIENCE_MS }: FileStoreOptions = {}): Store {
  const log = new LogFile(join(folder, STORE_FILE), note);
  const inTurn = oneAtATime();
  const underLock = <R>(work: () => Promise<R>) =>
    inTurn(async () => {
      const lock = await waitForLock(lockPath(log.path), patienceMs);
      try {
        log.refresh();
        return await work();
      } finally {
        lock.release();
      }
    });
  const read = <R>(work: (reading: Reading) => Promise<R>): Promise<R> => {
    log.refresh();
    return work(readMaps(log.maps));
  };
  return {
    get: async (table, id) => read((reading) => reading.get(table, id)),
    find: async (table, query) => read((reading) => reading.find(table, query)),
    transaction: (work) =>
      underLock(async () => {
        const { transaction, written } = overMaps(log.maps);
        const result = await work(transaction);
        log.append(written());
        if (log.isMostlyOld()) log.compact();
        return result;
      }),
    check: () => read(checkRows),
    vacuum: () => underLock(async () => log.compact()),
    sizeBytes: async () => {
      log.refresh();
      return bytesOf(log.maps);
    },
    place: folder,
    close: () => inTurn(async () => undefined),
  };
}

async function waitForLock(path: string, patienceMs: number): Promise<Lock> {
  const giveUpMs = performance.now() + patienceMs;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
    try {
      return acquireLock(path);
    } catch (thrown) {
      if (!(thrown instanceof LockedError)) throw thrown;
      if (performance.now() > giveUpMs) {
        const words = `another process has been writing the store for ${patienceMs / 1000} s (${path}); wait until it ends`;
        throw new LockedError(words, { cause: thrown });
      }
      await wait(waitMs);
    }
  }
}
