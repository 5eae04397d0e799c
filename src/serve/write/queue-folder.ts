import { readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

/*
 * The queue of one receiver is a folder with a file per request, which holds the body as it is posted. Its name says what there is to
 * know without opening it, and in the order of names they are sent:
 *
 *   0000000042.00003.10000.k3VbQ1xZpA.req
 *   batch      part  samples job      state
 *
 *   new      written, but its batch may not be whole: the run can still fail, and will then bring the same slots again
 *   req      waits to be sent
 *   sending  has been posted, and what came of it is not known: after a crash it may be at the receiver or not
 */

export type EntryState = "new" | "req" | "sending";

export interface Entry {
  readonly batch: number;
  readonly part: number;
  readonly samples: number;
  /** Names the job, see `jobTag`. */
  readonly job: string;
  readonly state: EntryState;
}

const NAME = /^(\d{10})\.(\d{5})\.(\d+)\.([\w-]+)\.(new|req|sending)$/;

export function entryPath(folder: string, { batch, part, samples, job, state }: Entry): string {
  const number = `${String(batch).padStart(10, "0")}.${String(part).padStart(5, "0")}`;
  return join(folder, `${number}.${samples}.${job}.${state}`);
}

/** The entries of a queue, the oldest first; none where there is no such folder. */
export function entriesOf(folder: string): readonly Entry[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names.sort().flatMap((name) => {
    const match = NAME.exec(name);
    if (match === null) return [];
    const [, batch, part, samples, job, state] = match;
    return [{ batch: Number(batch), part: Number(part), samples: Number(samples), job, state: state as EntryState }];
  });
}

/** @returns the entry in its new state; undefined where it is gone: whoever writes the queue drops the oldest when it is full. */
export function moveEntry(folder: string, entry: Entry, state: EntryState): Entry | undefined {
  const moved = { ...entry, state };
  try {
    renameSync(entryPath(folder, entry), entryPath(folder, moved));
    return moved;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw thrown;
  }
}

/** @returns whether it was there. */
export function removeEntry(folder: string, entry: Entry): boolean {
  const path = entryPath(folder, entry);
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return false;
  rmSync(path, { force: true });
  return true;
}

/** Bytes of entries that wait or are being sent; one that has gone meanwhile counts nothing. */
export function bytesOfEntries(folder: string, entries: readonly Entry[]): number {
  return entries.reduce(
    (sum, entry) => sum + (statSync(entryPath(folder, entry), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}
