import { statSync } from "node:fs";
import { join } from "node:path";
import { threadsWorth } from "../threads/threads-worth.js";
import { checkTimezone } from "../time/timezone.js";
import type { CsvOptions, CsvProgress } from "./csv-options.js";
import { type FileContent, type FileJob, readContent } from "./file-content.js";

/** Who reads the files. */
export interface ReadThreads {
  /** Default: as many as there are processors, and none beside this one where there is little to read. */
  readonly threads?: number;
  /** Ends all threads when it is aborted. */
  readonly signal?: AbortSignal;
  /** More bytes of CSV than this are not held in memory. */
  readonly memoryBytes?: number;
}

/** Below this many bytes starting a thread takes longer than it saves. */
const BYTES_WORTH_A_THREAD = 8 << 20;
const WORKER = new URL("./file-worker.js", import.meta.url);

export const fileBytes = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** The content of all files, in their order. @param scratchFolder where values are put; absent: memory. */
export async function readFiles(
  files: readonly string[],
  options: CsvOptions,
  { threads: asked, signal, scratchFolder }: ReadThreads & { readonly scratchFolder?: string },
  onProgress?: (progress: CsvProgress) => void,
): Promise<FileContent[]> {
  checkTimezone(options.timezone ?? "UTC");
  const jobs = files.map(
    (path, i): FileJob => ({
      path,
      timezone: options.timezone,
      rangeStartMs: options.range?.startMs ?? Number.NEGATIVE_INFINITY,
      rangeEndMs: options.range?.endMs ?? Number.POSITIVE_INFINITY,
      limits: { maxSeries: options.maxSeries, maxDecompressedBytes: options.maxDecompressedBytes },
      ...(scratchFolder === undefined ? {} : { scratchPath: join(scratchFolder, `file-${i}`) }),
    }),
  );
  const totalBytes = files.reduce((sum, file) => sum + fileBytes(file), 0);
  const told = { doneBytes: 0, doneFiles: 0 };
  const onBytes = (file: number, bytes: number) => {
    told.doneBytes += bytes;
    onProgress?.({ ...told, totalBytes, totalFiles: files.length, file: files[file] });
  };
  const threads = threadsWorth(WORKER, { asked, share: totalBytes / BYTES_WORTH_A_THREAD, parts: files.length });
  if (threads > 1) {
    const { withCrew } = await import("../threads/crew.js");
    return withCrew(WORKER, { threads, signal }, (crew) =>
      crew.doAll<FileJob, FileContent, number>(jobs, {
        onNote: onBytes,
        onResult: () => {
          told.doneFiles++;
        },
      }),
    );
  }
  const contents: FileContent[] = [];
  for (const [i, job] of jobs.entries()) {
    contents.push(await readContent(job, (bytes) => onBytes(i, bytes)));
    told.doneFiles++;
  }
  return contents;
}
