import { rmSync } from "node:fs";
import { join } from "node:path";
import { Scratch } from "../shelf/scratch.js";
import { type StoredSeries, storeInScratch, storeShared } from "../shelf/stored-series.js";
import type { CsvOptions, CsvProgress } from "./csv-options.js";
import { findCsvFiles } from "./files.js";
import { type CsvHistory, mergeFiles } from "./history.js";
import { fileBytes, type ReadThreads, readFiles } from "./read-files.js";

/** More CSV than this is not held in memory: its values are about as large. A gzipped file unpacks to several times its size. */
const MEMORY_BYTES = 256 << 20;
const GZIP_RATIO = 6;

/**
 * The history that `readCsv` gives, with each series put where all threads can take it from: into shared memory, or, of large exports, into
 * files in `scratchFolder`, which must be there for as long as the series are used. In threads if it is worth it.
 */
export async function readCsvStored(
  paths: readonly string[],
  options: CsvOptions,
  { scratchFolder, ...threads }: ReadThreads & { readonly scratchFolder: string },
  onProgress?: (progress: CsvProgress) => void,
): Promise<CsvHistory<StoredSeries>> {
  const files = findCsvFiles(paths);
  const unpacked = (file: string) => fileBytes(file) * (/\.gz$/i.test(file) ? GZIP_RATIO : 1);
  const isLarge = files.reduce((sum, file) => sum + unpacked(file), 0) > (threads.memoryBytes ?? MEMORY_BYTES);
  const read = await readFiles(files, options, { ...threads, ...(isLarge ? { scratchFolder } : {}) }, onProgress);
  if (!isLarge) return mergeFiles(read, options, storeShared);
  const scratch = new Scratch(join(scratchFolder, "series"));
  try {
    return mergeFiles(read, options, storeInScratch(scratch));
  } finally {
    scratch.close();
    for (const path of new Set(read.flatMap(({ series }) => series.flatMap((one) => one.spilled?.path ?? [])))) {
      rmSync(path, { force: true });
    }
  }
}
