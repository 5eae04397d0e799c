import { statSync } from "node:fs";

/**
 * Whether the path is a device, pipe or socket, such as /dev/null or /dev/stdout. Such a thing is written into: renaming
 * a file over it would destroy it.
 */
export function isSpecialFile(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && !stat.isFile() && !stat.isDirectory();
}
