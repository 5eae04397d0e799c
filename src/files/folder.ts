import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder and those above it, if they are not there.
 *
 * Node's own `recursive` never returns where a folder is there but nothing may be made in it by that name, as under
 * /proc: it takes the ENOENT for a missing parent, for ever. Here every folder is tried twice at most.
 *
 * @throws the file system's error of the folder that cannot be made.
 */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (isFolder(path)) return;
    if (code !== "ENOENT" || dirname(path) === path || isFolder(dirname(path))) throw thrown;
    makeFolder(dirname(path));
    makeFolder(path);
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
