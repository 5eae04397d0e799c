import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Knobs } from "../anomalies/knobs.js";
import type { OptionValues } from "../cli/options/table.js";
import type { Threshold } from "../detectors/threshold.js";
import type { LoadedModel } from "../model/folder.js";
import type { TimeRange } from "../series/series.js";
import { writtenQuery } from "../sources/promql/named-query.js";
import { memoryPath } from "../store/memory.js";
import { HOUR_MS } from "../time/duration.js";
import { replayStartMs } from "../watch/replay-start.js";
import { WatchStore } from "../watch/watch-store.js";
import { checkpointMs } from "../watch/watched.js";
import type { OpenedSource } from "./source/opened.js";

/** After a longer pause what is new is so much that the history is looked at instead. */
const CATCH_UP_MS = 6 * HOUR_MS;
const CATCH_UP_LEAST_SLOTS = 12;

/** Without a model nobody knows how many series there are; so many are still a few files. */
const ASSUMED_SERIES = 1250;

/** What a state depends on, beside the values themselves. */
export interface StateOwner {
  readonly loaded: LoadedModel | undefined;
  /** What is remembered is filed under it. */
  readonly name: string;
  readonly threshold: Threshold;
  readonly knobs: Knobs;
  readonly opened: Pick<OpenedSource, "name" | "template">;
}

/**
 * What earlier runs have remembered of the series, as far as it is of use for this one: made by the same model with the same
 * threshold and knobs from the same source, and by a scorer that began where this run's would.
 *
 * @returns undefined with `--fresh`, and for a look at another time than now, which must not disturb the states of now.
 */
export function rememberedStates(
  options: Pick<OptionValues, "fresh" | "at" | "from" | "until" | "stateDir" | "percent" | "query">,
  { loaded, name, threshold, knobs, opened }: StateOwner,
  range: TimeRange,
): ((stepMs: number, historyMs: number, divisor: number) => WatchStore) | undefined {
  if (options.fresh || [options.at, options.from, options.until].some((time) => time !== undefined)) return undefined;
  const owner = {
    name,
    model: loaded?.checksum ?? null,
    threshold,
    knobs,
    source: opened.name,
    template: opened.template ?? null,
    // Only where there are some, so that the states of a template stay of use.
    ...(options.query.length === 0 ? {} : { query: options.query.map(writtenQuery) }),
  };
  const path = join(options.stateDir, memoryPath("", name).replace(/\.json$/, ""));
  return (stepMs, historyMs, divisor) => {
    // Scores of the remembered traces are divided by it.
    const own = divisor === 1 ? {} : { divisor };
    const belongsTo = createHash("sha256")
      .update(JSON.stringify({ ...owner, percent: options.percent ?? null, ...own }))
      .digest("hex");
    const next = checkpointMs(range.endMs, stepMs);
    const catchUpMs = Math.max(CATCH_UP_MS, CATCH_UP_LEAST_SLOTS * stepMs);
    return new WatchStore(
      path,
      belongsTo,
      loaded?.model.series.length ?? ASSUMED_SERIES,
      (entry) =>
        entry.checkpointMs <= next &&
        entry.checkpointMs >= next - catchUpMs &&
        entry.fromMs <= range.startMs &&
        entry.startMs === replayStartMs(entry.key, range.startMs, historyMs, stepMs),
    );
  };
}
