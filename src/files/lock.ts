/* Longer than most: taking a lock, seeing that its holder is gone, and giving it back must be read together to be believed. */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { hostname } from "node:os";
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

/** Who holds a lock, as it is in the file. */
interface Holder {
  /** Names the machine, or the container: pids and boots of others say nothing here. Null in locks of version 0.1. */
  readonly host: string | null;
  readonly pid: number;
  /** When the process began, in the kernel's clock ticks since boot; null where the system does not say. */
  readonly processStart: string | null;
  /** Changes with each boot of the machine; null where the system does not say. */
  readonly boot: string | null;
}

/** How often a holder touches its lock, and after how long without that a lock of another machine is left behind. */
const HEARTBEAT_MS = 20_000;
const STALE_MS = 5 * 60_000;
/** A lock that cannot be read, or a guard, is left behind once it is this old. Making one takes microseconds. */
const UNFINISHED_MS = 10_000;

/**
 * Takes the lock by creating its file exclusively. The lock of a process that is gone (`kill -9`, power cut) is taken over at
 * once. Of another machine, as on a shared folder, nobody here can know what runs: its lock is taken over when its holder has not
 * touched it for five minutes.
 *
 * @throws LockedError naming the process and the file while another run holds it; OutputError where the file cannot be made.
 * @example const lock = acquireLock("out/.anomalies.ndjson.lock"); try { … } finally { lock.release(); }
 */
export function acquireLock(path: string): Lock {
  let written = create(path);
  if (written === undefined) {
    takeOver(path);
    written = create(path);
    if (written === undefined) throw locked(path, readHolder(path));
  }
  const heart = beat(written);
  const release = () => {
    process.off("exit", release);
    heart.stop();
    // Only our own: after a take-over by mistake of a clock or a person the file is somebody else's.
    const holder = readHolder(path);
    if (holder?.pid === process.pid && isHere(holder)) rmSync(path, { force: true });
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
function create(path: string): Written | undefined {
  const written = join(dirname(path), `.${basename(path)}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`);
  const holder: Holder = { host: hostId(), pid: process.pid, processStart: processStart(process.pid), boot: bootId() };
  const text = `${JSON.stringify(holder)}\n`;
  let fd: number | undefined;
  try {
    makeFolder(dirname(path));
    try {
      fd = openSync(written, "wx", 0o644);
      writeSync(fd, text);
      linkSync(written, path);
    } finally {
      rmSync(written, { force: true });
    }
    removeAbandoned(path);
    return { fd, text };
  } catch (cause) {
    if (fd !== undefined) closeSync(fd);
    if ((cause as NodeJS.ErrnoException).code === "EEXIST" && !isSomethingElse(path)) return undefined;
    throw outputError(path, cause);
  }
}

/** A lock file that is open: writing to it touches it, and harms nobody once it is no longer the lock. */
interface Written {
  readonly fd: number;
  readonly text: string;
}

/**
 * Touches the lock now and then. The same bytes are written again instead of setting the time, so that the time is that of the
 * machine that keeps the folder, whatever the clock here says.
 */
function beat({ fd, text }: Written): { readonly stop: () => void } {
  const timer = setInterval(() => {
    try {
      writeSync(fd, text, 0);
    } catch {
      // A full or vanished disk: the run itself will meet it and say so.
    }
  }, HEARTBEAT_MS);
  timer.unref();
  let isStopped = false;
  return {
    stop: () => {
      if (isStopped) return;
      isStopped = true;
      clearInterval(timer);
      closeSync(fd);
    },
  };
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
    if (!isGone(path, holder)) throw locked(path, holder);
    rmSync(path, { force: true });
  } finally {
    rmdirSync(guard);
  }
}

function isGone(path: string, holder: Holder | undefined): boolean {
  if (holder === undefined) return (ageMs(path) ?? 0) > UNFINISHED_MS;
  if (holder.host !== null && !isHere(holder)) return untouchedMs(path) > STALE_MS;
  // Version 0.1 named no machine: another boot may be an earlier one of this machine, or any of another.
  if (holder.host === null && holder.boot !== null && holder.boot !== bootId()) return untouchedMs(path) > STALE_MS;
  return !isAlive(holder);
}

function locked(path: string, holder: Holder | undefined, cause?: unknown): LockedError {
  const where = holder === undefined || holder.host === null || isHere(holder) ? "" : ` on ${nameOf(holder.host)}`;
  const who = holder === undefined ? "another run" : `another run (pid ${holder.pid}${where})`;
  return new LockedError(`${who} holds ${path}; wait until it ends, or give this run a place of its own with -o`, {
    cause,
  });
}

function readHolder(path: string): Holder | undefined {
  try {
    const holder: Partial<Holder> = JSON.parse(readFileSync(path, "utf8"));
    if (!Number.isInteger(holder.pid)) return undefined;
    const host = typeof holder.host === "string" ? holder.host : null;
    return { host, pid: holder.pid as number, processStart: holder.processStart ?? null, boot: holder.boot ?? null };
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

function isHere({ host }: Holder): boolean {
  return host === null || host === hostId();
}

/** Name and, as images are cloned with their names, the machine's own id where it has one (machine-id(5)). */
function hostId(): string {
  try {
    return `${hostname()}/${readFileSync("/etc/machine-id", "utf8").trim()}`;
  } catch {
    return hostname();
  }
}

/** What of a host id is for people. A lock is a file that anyone may have written, so no control characters. */
function nameOf(host: string): string {
  return host
    .split("/")[0]
    .replace(/[^\w.-]/g, "?")
    .slice(0, 64);
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

/** How long a lock was not touched, by the clock of the machine that keeps the folder: that of a file made there just now. */
function untouchedMs(path: string): number {
  const probe = join(dirname(path), `.${basename(path)}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`);
  try {
    writeFileSync(probe, "", { flag: "wx" });
    return statSync(probe).mtimeMs - statSync(path).mtimeMs;
  } catch {
    return ageMs(path) ?? Number.POSITIVE_INFINITY;
  } finally {
    rmSync(probe, { force: true });
  }
}

/** A folder of that name, say. Nothing is a lock as well: one that was released just now. */
function isSomethingElse(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === false;
}

/** The lock of a file stands beside it, hidden: `out/.anomalies.ndjson.lock`. */
export function lockPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.lock`);
}
