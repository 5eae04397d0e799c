import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

const SIZE_MB = 64;

/**
 * A file system of its own that can be filled to the last byte: a tmpfs, which only root may mount. Elsewhere the folder is an ordinary one, and
 * `isReal` says that its disk cannot be filled.
 */
export function smallDisk(folder) {
  mkdirSync(folder, { recursive: true });
  const isReal = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${SIZE_MB}m`, "tmpfs", folder]).status === 0;
  const ballast = join(folder, "ballast");
  return {
    isReal,
    fill: () => {
      const fd = openSync(ballast, "w");
      try {
        // Down to single bytes: what is free after a large piece was refused is enough for a small file.
        for (let bytes = 2 ** 20; bytes >= 1; ) {
          try {
            writeSync(fd, Buffer.alloc(bytes));
          } catch (cause) {
            if (cause.code !== "ENOSPC") throw cause;
            bytes = Math.floor(bytes / 2);
          }
        }
      } finally {
        closeSync(fd);
      }
    },
    empty: () => rmSync(ballast, { force: true }),
    remove: () => {
      if (isReal) spawnSync("umount", ["-l", folder]);
    },
  };
}
