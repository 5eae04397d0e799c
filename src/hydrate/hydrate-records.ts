import { messageOf } from "../errors/errors.js";
import { isGroupRecord, memberRecords } from "../records/group-members.js";
import type { AnomalyRecord, HydratedRecord } from "../records/record.js";
import type { FetchResult, SeriesSource } from "../sources/source.js";
import { type FetchGroup, fetchGroups, seriesFor } from "./fetch-groups.js";
import { hydrateGroup } from "./hydrate-group.js";
import { type HydrateRecordOptions, historyRange, hydrateRecord, neededRange, withoutData } from "./hydrate-record.js";

export interface HydrateOptions extends HydrateRecordOptions {
  readonly source: SeriesSource;
  /** How the source's names become labels; handed to it as it is. */
  readonly template?: string;
  /** Records that are fetched for together. */
  readonly batchSize?: number;
  /** Gives the record of an earlier run where it can be used again (see `resumeFrom`). */
  readonly reuse?: (record: AnomalyRecord) => HydratedRecord | undefined;
  readonly onProgress?: (progress: HydrateProgress) => void;
}

export interface HydrateProgress {
  readonly done: number;
  /** Of these, how many could not be hydrated. */
  readonly failed: number;
  /** Of these, how many were taken over from an earlier run. */
  readonly reused: number;
}

/** 100 records with 15 days of one-minute slots each are 17 MB. */
const DEFAULT_BATCH = 100;

/**
 * Adds to each record what its surrounding 24 hours looked like.
 *
 * One comes out for each that goes in, in the same order. A record whose data cannot be fetched comes out with nulls
 * and `hydrate_error`; no failure of the source is thrown.
 */
export async function* hydrateRecords(
  records: AsyncIterable<AnomalyRecord> | Iterable<AnomalyRecord>,
  options: HydrateOptions,
): AsyncGenerator<HydratedRecord> {
  const batchSize = Math.max(1, options.batchSize ?? DEFAULT_BATCH);
  let [done, failed, reused] = [0, 0, 0];
  for await (const batch of batches(records, batchSize)) {
    const earlier = batch.map((record) => options.reuse?.(record));
    const fresh = await hydrateBatch(
      batch.filter((_, i) => earlier[i] === undefined),
      options,
    );
    for (let i = 0; i < batch.length; i++) {
      const hydrated = earlier[i] ?? fresh.get(batch[i])!;
      done++;
      if (hydrated.hydrate_error !== undefined) failed++;
      if (earlier[i] !== undefined) reused++;
      options.onProgress?.({ done, failed, reused });
      yield hydrated;
    }
  }
}

async function hydrateBatch(
  records: readonly AnomalyRecord[],
  options: HydrateOptions,
): Promise<Map<AnomalyRecord, HydratedRecord>> {
  const hydrated = new Map<AnomalyRecord, HydratedRecord>();
  // A group has no series of its own: what is fetched is its members'.
  const members = new Map(records.filter(isGroupRecord).map((record) => [record, memberRecords(record)]));
  const fetched = records.flatMap((record) => members.get(record) ?? [record]);
  for (const group of fetchGroups(fetched.map((record) => ({ record, range: neededRange(record, options) })))) {
    const result = await fetchGroup(group, options);
    const older = typeof result === "string" ? undefined : await fetchOlder(group, options);
    for (const { record } of group.needs) {
      hydrated.set(record, hydrateOne(record, group, result, options, older));
    }
  }
  for (const [record, own] of members) {
    hydrated.set(
      record,
      hydrateGroup(
        record,
        own.map((one) => hydrated.get(one)!),
        options,
      ),
    );
  }
  return hydrated;
}

function hydrateOne(
  record: AnomalyRecord,
  group: FetchGroup,
  result: FetchResult | string,
  options: HydrateOptions,
  older: FetchResult | undefined,
): HydratedRecord {
  const series = typeof result === "string" ? result : seriesFor(record, group, result);
  if (typeof series === "string") return withoutData(record, series, options);
  const before = older === undefined ? undefined : seriesFor(record, group, older);
  try {
    return hydrateRecord(record, series, options, typeof before === "string" ? undefined : before);
  } catch (failure) {
    // Only the band can fail here (a model that does not fit the series): one record, not the run.
    return withoutData(record, messageOf(failure), options);
  }
}

/** The reply, or in words why there is none. */
async function fetchGroup(group: FetchGroup, options: HydrateOptions): Promise<FetchResult | string> {
  try {
    return await options.source.fetch(
      { targets: group.targets, template: options.template, stepMs: group.stepMs },
      group.range,
    );
  } catch (failure) {
    return messageOf(failure);
  }
}

/**
 * What the history needs before the rest begins, in whatever step the source keeps of that age: asked for in one
 * range, an archive that only has coarse points of two weeks ago would give coarse points of today. A picture can do
 * without it, so a failure only leaves the history shorter.
 */
async function fetchOlder(group: FetchGroup, options: HydrateOptions): Promise<FetchResult | undefined> {
  const startMs = Math.min(...group.needs.map(({ record }) => historyRange(record, options).startMs));
  if (startMs >= group.range.startMs) return undefined;
  try {
    return await options.source.fetch(
      { targets: group.targets, template: options.template },
      { startMs, endMs: group.range.startMs },
    );
  } catch {
    return undefined;
  }
}

async function* batches<T>(items: AsyncIterable<T> | Iterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
