import { existsSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ROOTS = ["/usr/lib", "/usr/lib64"];

/**
 * A wall clock that can be set while processes run, by Debian's libfaketime; their monotonic clock goes on as it does. Without the library
 * `env` is empty and `isReal` says so.
 */
export function steppedClock(folder) {
  const library = findLibrary();
  const file = join(folder, "clock");
  const set = (seconds) => {
    // Replaced at once: it is read with every look at the clock.
    writeFileSync(`${file}.new`, `${seconds >= 0 ? "+" : ""}${seconds}\n`);
    renameSync(`${file}.new`, file);
  };
  set(0);
  return {
    isReal: library !== undefined,
    set,
    env:
      library === undefined
        ? {}
        : {
            LD_PRELOAD: library,
            FAKETIME_TIMESTAMP_FILE: file,
            FAKETIME_NO_CACHE: "1",
            FAKETIME_DONT_FAKE_MONOTONIC: "1",
            DONT_FAKE_MONOTONIC: "1",
            NO_FAKE_STAT: "1",
          },
  };
}

function findLibrary() {
  const folders = ROOTS.filter((root) => existsSync(root)).flatMap((root) => [
    root,
    ...readdirSync(root)
      .filter((name) => name.endsWith("-linux-gnu"))
      .map((name) => join(root, name)),
  ]);
  return folders.map((folder) => join(folder, "faketime/libfaketimeMT.so.1")).find((path) => existsSync(path));
}
