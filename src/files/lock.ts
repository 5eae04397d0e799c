import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { LockedError } from "../errors/errors.js";
import { removeAbandoned } from "./abandoned.js";
import { outputError } from "./atomic.js";
import { makeFolder } from "./folder.js";

/** Held until released; a second release does nothing. */
export interface Lock {
  readonly path: string;
  readonly release: () => void;
}

/** Who holds a lock, as it stands in the file. */
interface Holder {
  readonly pid: number;
  /** When the process began, in the kernel's clock ticks since boot; null where the system does not tell. */
  readonly processStart: string | null;
  /** Changes with each boot of the machine; null where the system does not tell. */
  readonly boot: string | null;
}

/** A lock that cannot be read, or a guard, is left behind once it is this old. Making one takes microseconds. */
const UNFINISHED_MS = 10_000;

/**
 * Takes the lock by creating its file exclusively. The lock of a process that is gone (`kill -9`, power cut) is taken over.
 *
 * @throws LockedError naming the process and the file while another run holds it; OutputError where the file cannot be made.
 * @example const lock = acquireLock("out/.anomalies.ndjson.lock"); try { … } finally { lock.release(); }
 */
export function acquireLock(path: string): Lock {
  if (!create(path)) {
    takeOver(path);
    if (!create(path)) throw locked(path, readHolder(path));
  }
  const release = () => {
    process.off("exit", release);
    // Only our own: after a take-over by mistake of a clock or a person the file is somebody else's.
    if (readHolder(path)?.pid === process.pid) rmSync(path, { force: true });
  };
  process.on("exit", release);
  return { path, release };
}

/** Does some work under several locks, taken in order and released whatever happens. */
export async function withLocks<T>(paths: readonly string[], work: () => Promise<T>): Promise<T> {
  const locks: Lock[] = [];
  try {
    for (const path of paths) locks.push(acquireLock(path));
    return await work();
  } finally {
    for (const lock of locks.reverse()) lock.release();
  }
}

/**
 * The lock appears with its holder in it: written under another name and linked. A run that is killed while it makes its lock
 * then leaves none, where an empty one would look held until it is old.
 */
function create(path: string): boolean {
  const written = join(dirname(path), `.${basename(path)}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`);
  const holder: Holder = { pid: process.pid, processStart: processStart(process.pid), boot: bootId() };
  try {
    makeFolder(dirname(path));
    try {
      writeFileSync(written, `${JSON.stringify(holder)}\n`, { flag: "wx", mode: 0o644 });
      linkSync(written, path);
    } finally {
      rmSync(written, { force: true });
    }
    removeAbandoned(path);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST" && isFile(path)) return false;
    throw outputError(path, cause);
  }
}

/**
 * Removes a lock whose holder is gone. Two runs may find that out together, and the slower one must not remove the
 * lock that the faster one has just made: so only who holds the guard folder looks again and removes.
 */
function takeOver(path: string): void {
  const guard = `${path}.takeover`;
  try {
    mkdirSync(guard);
  } catch (cause) {
    // The guard is held for microseconds; an old one is what a run left that died in just that moment.
    const age = ageMs(guard);
    if (age === undefined || age < UNFINISHED_MS) throw locked(path, readHolder(path), cause);
  }
  try {
    const holder = readHolder(path);
    const gone = holder === undefined ? (ageMs(path) ?? 0) > UNFINISHED_MS : !isAlive(holder);
    if (!gone) throw locked(path, holder);
    rmSync(path, { force: true });
  } finally {
    rmdirSync(guard);
  }
}

function locked(path: string, holder: Holder | undefined, cause?: unknown): LockedError {
  const who = holder === undefined ? "another run" : `another run (pid ${holder.pid})`;
  return new LockedError(`${who} holds ${path}; wait until it ends, or give this run a place of its own with -o`, {
    cause,
  });
}

function readHolder(path: string): Holder | undefined {
  try {
    const holder: Partial<Holder> = JSON.parse(readFileSync(path, "utf8"));
    if (!Number.isInteger(holder.pid)) return undefined;
    return { pid: holder.pid as number, processStart: holder.processStart ?? null, boot: holder.boot ?? null };
  } catch {
    return undefined;
  }
}

/** A pid is used again sooner or later, so its process must also have begun when the holder did, in the same boot. */
function isAlive(holder: Holder): boolean {
  const boot = bootId();
  if (holder.boot !== null && boot !== null && holder.boot !== boot) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (cause) {
    // EPERM: it lives and is somebody else's.
    if ((cause as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const start = processStart(holder.pid);
  return holder.processStart === null || start === null || start === holder.processStart;
}

/** Field 22 of /proc/<pid>/stat, counted from behind the name, which may hold blanks and brackets (proc(5)). */
function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}

function bootId(): string | null {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return null;
  }
}

function ageMs(path: string): number | undefined {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return undefined;
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
