import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, readlinkSync, renameSync, rmSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { OutputError } from "../errors/errors.js";
import { makeFolder } from "./folder.js";

/** Pieces are written one after the other, so that large ones need not be copied together first, nor all be there at once. */
type Content = string | Uint8Array | Iterable<Uint8Array>;

/**
 * Writes a whole file so that a reader sees the old content or the new one and never a part: a temporary name in the
 * same folder, fsync, rename, fsync of the folder. A failure removes the temporary file and leaves the old file as it was.
 *
 * @throws OutputError naming the file and what to do (read-only folder, disk full …).
 */
export function writeFileAtomic(path: string, content: Content): void {
  refuseLink(path);
  replaceFile(path, content);
}

/**
 * Nothing is written through a symbolic link: whoever may write into the folder could send it anywhere that this user may
 * write. Replacing the link without a word would surprise the one who made it on purpose.
 */
function refuseLink(path: string): void {
  let target: string;
  try {
    target = readlinkSync(path);
  } catch {
    return;
  }
  throw new OutputError(
    "link",
    `cannot write ${path}: it is a symbolic link to ${target}; name the target, or remove the link`,
  );
}

function replaceFile(path: string, content: Content): void {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`);
  let fd: number | undefined;
  try {
    makeFolder(folder);
    fd = openSync(temporary, "wx", 0o644);
    if (typeof content === "string") writeAll(fd, Buffer.from(content, "utf8"));
    else if (content instanceof Uint8Array) writeAll(fd, content);
    else for (const piece of content) writeAll(fd, piece);
    fsyncSync(fd);
    closeSync(fd);
    fd = undefined;
    renameSync(temporary, path);
    syncFolder(folder);
  } catch (cause) {
    if (fd !== undefined) closeSync(fd);
    rmSync(temporary, { force: true });
    throw outputError(path, cause);
  }
}

/** write(2) may take less than requested; a short write on a full disk shows only on the next call. */
function writeAll(fd: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done, bytes.length - done);
}

/** After a power cut a rename is only sure to be there once its folder is synced. */
function syncFolder(folder: string): void {
  const fd = openSync(folder, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

const ADVICE: Readonly<Record<string, string>> = {
  EACCES: "no permission to write here; choose another place with -o",
  EPERM: "no permission to write here; choose another place with -o",
  EROFS: "the file system is read-only; choose another place with -o",
  ENOSPC: "the disk is full; free some space and run again, nothing was left half-written",
  EDQUOT: "the disk quota is used up; free some space and run again, nothing was left half-written",
  // Where folders are missing on a read-only file system, Node's recursive mkdir says ENOENT.
  ENOENT: "its folder cannot be made; check the path, and that its file system is not read-only",
  EISDIR: "a folder of that name is in the way",
  ENOTDIR: "a file is in the way of one of its folders",
  EEXIST: "a file is in the way of one of its folders",
};

/** Turns a file-system failure into one sentence that names the file. */
export function outputError(path: string, cause: unknown): OutputError {
  const code = (cause as NodeJS.ErrnoException)?.code ?? "unknown";
  const advice = ADVICE[code] ?? (cause instanceof Error ? cause.message : String(cause));
  return new OutputError(code.toLowerCase(), `cannot write ${path}: ${advice}`, { cause });
}
