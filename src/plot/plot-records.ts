import type { HydratedRecord } from "../records/record.js";
import { drawAll } from "./draw-all.js";
import type { DrawJob, DrawLook } from "./draw-job.js";
import { pictureName } from "./picture-name.js";

export interface PlotOptions extends DrawLook {
  readonly episodes?: boolean;
  readonly overview?: boolean;
  readonly threads?: number;
  /** Whether a picture of these records is there already and needs not be drawn again. */
  readonly isDrawn?: (name: string, records: readonly HydratedRecord[]) => boolean;
  /** Puts a finished picture where it belongs; what it throws ends the run. */
  readonly write: (
    name: string,
    content: string | Uint8Array,
    records: readonly HydratedRecord[],
  ) => void | Promise<void>;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number; readonly name: string }) => void;
  readonly signal?: AbortSignal;
}

export interface Plotted {
  /** Names of the pictures that are there now, in the order of the records; the overview last. */
  readonly names: readonly string[];
  /** Of these, how many were there already. */
  readonly unchanged: number;
  readonly failures: readonly { readonly name: string; readonly reason: string }[];
}

export const OVERVIEW_NAME = "overview";

/**
 * Draws a picture of each record and one of all. A record that cannot be drawn is reported and leaves the others alone.
 */
export async function plotRecords(records: readonly HydratedRecord[], options: PlotOptions): Promise<Plotted> {
  const all: (DrawJob & { readonly name: string })[] = [];
  if (options.episodes !== false) {
    for (const record of records) {
      all.push({ kind: "episode", name: pictureName(record, options.format), records: [record] });
    }
  }
  if (options.overview !== false && records.length > 0) {
    // It shows no windows, and they are most of a record on its way to another thread.
    const bare = records.map((record) => ({ ...record, context: null, history: null }));
    all.push({ kind: "overview", name: `${OVERVIEW_NAME}.${options.format}`, records: bare });
  }
  const jobs = all.filter(({ name, records: of }) => options.isDrawn?.(name, of) !== true);
  const failures: { name: string; reason: string }[] = [];
  const { theme, timezone, format, scale, threads, signal } = options;
  await drawAll(
    jobs,
    { theme, timezone, format, scale, linked: options.episodes !== false },
    {
      threads,
      signal,
      onDrawn: async (i, drawn) => {
        const { name, records: of } = jobs[i];
        if ("content" in drawn) await options.write(name, drawn.content, of);
        else failures.push({ name, reason: drawn.reason });
        options.onProgress?.({ done: i + 1, total: jobs.length, name });
      },
    },
  );
  const failed = new Set(failures.map(({ name }) => name));
  return {
    names: all.map(({ name }) => name).filter((name) => !failed.has(name)),
    unchanged: all.length - jobs.length,
    failures,
  };
}
