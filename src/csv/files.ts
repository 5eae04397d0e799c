import { type Dirent, readdirSync, statSync } from "node:fs";
import { join, normalize } from "node:path";
import { InputError } from "../errors/errors.js";
import { globToRegExp, isGlob } from "../sources/glob.js";

const CSV_NAME = /\.csv(\.gz)?$/i;

/**
 * The files that the arguments name: a file itself, a folder's `.csv` and `.csv.gz` files with those of the folders in
 * it, or what a glob matches. Arguments keep their order, what one of them finds is sorted by name (byte order), and a
 * file that was named already is not read again.
 *
 * @throws InputError for a path that does not exist, and for a folder or glob in which there is nothing.
 */
export function findCsvFiles(paths: readonly string[]): string[] {
  const found = new Set<string>();
  for (const path of paths) for (const file of findOne(path)) found.add(normalize(file));
  return [...found];
}

function findOne(path: string): string[] {
  const kind = statSync(path, { throwIfNoEntry: false });
  if (kind?.isDirectory() === true) {
    const files = walk(path).filter((file) => CSV_NAME.test(file));
    if (files.length === 0) {
      throw new InputError(
        "no_files",
        `the folder ${path} holds no .csv or .csv.gz file; name the files or another folder`,
      );
    }
    return files;
  }
  if (kind !== undefined) return [path];
  if (!isGlob(path)) {
    throw new InputError("missing", `there is no file ${path}; check the path, or quote it if it is a glob`);
  }
  // Everything before the first wildcard is a folder that must exist; the walk begins there.
  const plain = path.slice(0, path.search(/[*?[{]/));
  const root = plain.slice(0, plain.lastIndexOf("/") + 1);
  const pattern = globToRegExp(path, "/");
  const files = walk(root === "" ? "." : root)
    .map((file) => (root === "" ? normalize(file) : file))
    .filter((file) => pattern.test(file));
  if (files.length === 0) {
    throw new InputError(
      "no_files",
      `no file matches ${path}; check the pattern, * does not cross folders and ** does`,
    );
  }
  return files;
}

/** All files under a folder, sorted; a folder that does not exist has none. */
function walk(folder: string): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    // A glob's root that is missing or closed matches nothing; the caller says so.
    return [];
  }
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = folder.endsWith("/") ? folder + entry.name : join(folder, entry.name);
      const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && linksToFolder(path));
      return isFolder ? (entry.isSymbolicLink() ? [] : walk(path)) : [path];
    });
}

function linksToFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
