import { join } from "node:path";
import { writeFileAtomic } from "../../files/atomic.js";
import type { LiveFiles } from "../../watch/live-series.js";
import { WatchStore } from "../../watch/watch-store.js";
import { escapeInvisible } from "../../wording/visible.js";
import { memoryPath, readMemory, writeMemory } from "../memory.js";
import type { RunStore } from "./run-store.js";

/**
 * The store of single commands: files in a folder, and one for the statuses.
 *
 * @param folder holds `<name>.json`, the memory, and `<name>.*.watch`, the checkpoints.
 * @param checkpointFiles of a process that lives on: files that stay in memory. Default: read in every run.
 */
export function fileRunStore(folder: string, statusesPath: string, checkpointFiles?: LiveFiles): RunStore {
  return {
    readMemory: (name) => readMemory(memoryPath(folder, name)),
    writeMemory: (name, memory) => writeMemory(memoryPath(folder, name), memory),
    openCheckpoints: (name, { belongsTo, seriesCount, isUseful }) =>
      new WatchStore(
        join(folder, memoryPath("", name).replace(/\.json$/, "")),
        belongsTo,
        seriesCount,
        isUseful,
        checkpointFiles,
      ),
    writeStatuses: (statuses) =>
      writeFileAtomic(statusesPath, escapeInvisible(statuses.map((status) => `${JSON.stringify(status)}\n`).join(""))),
  };
}
