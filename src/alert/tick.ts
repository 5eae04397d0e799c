import type { AnomalyRecord, HydratedRecord } from "../records/record.js";
import { seriesKey } from "../series/series.js";
import { recordOf } from "../store/episodes.js";
import { ROW_ID } from "../store/row-id.js";
import { silencesAt, silencing } from "../store/silences.js";
import type { Reading, Store } from "../store/store.js";
import { readState, writeState } from "./alert-rows.js";
import { type Decision, decide } from "./decide/decide.js";
import { enqueueSay } from "./deliver/queue.js";
import { type Around, digestMessage, incidentMessage, leading } from "./message/compose.js";
import type { AlertMessage } from "./message/message.js";
import { type Problem, problemOf } from "./problem.js";
import type { AlertSettings } from "./settings/settings.js";
import type { AlertState, Say } from "./state.js";

/** What was found, as a run or a file gives it. */
export interface Found {
  readonly records: readonly (AnomalyRecord | HydratedRecord)[];
  /** Statuses and failed runs. */
  readonly others: readonly Problem[];
  /** Jobs whose statuses `others` has all of. */
  readonly coveredJobs: readonly (string | null)[];
  readonly fleetMachines: number;
  /** All jobs there are: what is open of another one is over. Absent: nobody knows. */
  readonly allJobs?: readonly string[];
  /** Silences of other places, beside those of the store. */
  readonly silences: readonly { readonly matchers: readonly string[] }[];
}

/** Episodes of a machine that are looked through for earlier ones of the same series. */
const MOST_EARLIER = 500;

export interface Written {
  readonly say: Say;
  readonly message: AlertMessage;
}

/**
 * Decides what must be said now and puts it into the queue, in one transaction.
 *
 * @param queuedMs the wall clock, where `nowMs` is another moment. @returns the messages.
 */
export function tick(
  store: Store,
  found: Found,
  settings: AlertSettings,
  nowMs: number,
  queuedMs = nowMs,
): Promise<readonly Written[]> {
  return store.transaction(async (transaction) => {
    const before = await readState(transaction);
    const { decision, written } = await decided(transaction, before, found, settings, nowMs);
    await writeState(transaction, before, decision, nowMs);
    for (const { say, message } of written) await enqueueSay(transaction, say, message, queuedMs);
    return written;
  });
}

/** The same without writing anything. */
export async function dryTick(
  reading: Reading,
  found: Found,
  settings: AlertSettings,
  nowMs: number,
): Promise<readonly Written[]> {
  return (await decided(reading, await readState(reading), found, settings, nowMs)).written;
}

async function decided(
  reading: Reading,
  before: AlertState,
  found: Found,
  settings: AlertSettings,
  nowMs: number,
): Promise<{ readonly decision: Decision; readonly written: readonly Written[] }> {
  // An id that no row can have would stop the queue.
  const records = new Map(found.records.filter(({ id }) => ROW_ID.test(id)).map((record) => [record.id, record]));
  const gone: (string | null)[] = [];
  for (const { members, closedMs } of before.incidents) {
    for (const { id, kind, job } of members) {
      const isGone = found.allJobs !== undefined && !(job !== null && found.allJobs.includes(job));
      if (isGone) gone.push(job);
      if (kind !== "episode" || records.has(id) || closedMs !== null || isGone) continue;
      const row = await reading.get("episodes", id);
      if (row !== undefined) records.set(id, recordOf(row));
    }
  }
  const problems = [...[...records.values()].map(problemOf), ...found.others];
  const silences = [...(await silencesAt(reading, nowMs)), ...found.silences];
  const silenced = new Set(
    problems
      .filter(({ isSuppressed, matched }) => isSuppressed || silencing(silences, matched) !== undefined)
      .map(({ id }) => id),
  );
  const coveredJobs = [...found.coveredJobs, ...gone];
  const { fleetMachines } = found;
  const decision = decide(before, { nowMs, problems, coveredJobs, silenced, fleetMachines }, settings);
  const around: Around = {
    nowMs,
    settings,
    recordOf: (id) => records.get(id),
    reasonOf: (id) => found.others.find((one) => one.id === id)?.reason ?? null,
    earlier: () => [],
    fleetMachines,
  };
  const written: Written[] = [];
  for (const say of decision.say)
    written.push({ say, message: await composed(reading, say, decision, records, around) });
  return { decision, written };
}

async function composed(
  reading: Reading,
  say: Say,
  { incidents, digests }: Decision,
  records: Map<string, AnomalyRecord | HydratedRecord>,
  around: Around,
): Promise<AlertMessage> {
  const digest = digests.find(({ id }) => id === say.digest);
  const own =
    digest === undefined
      ? [incidents.get(say.incident ?? "")!]
      : digest.incidents.flatMap((id) => incidents.get(id) ?? []);
  for (const { id, kind } of own.flatMap(({ members }) => members)) {
    if (kind !== "episode" || records.has(id)) continue;
    const row = await reading.get("episodes", id);
    if (row !== undefined) records.set(id, recordOf(row));
  }
  if (digest !== undefined) return digestMessage(say, digest, own, around);
  const starts = await earlierStarts(reading, leading(own[0], around)?.machine);
  return incidentMessage(say, own[0], { ...around, earlier: ({ labels }) => starts.get(seriesKey(labels)) ?? [] });
}

/** Begins of the newest episodes of a machine, by the key of the series. */
async function earlierStarts(
  reading: Reading,
  machine: string | undefined,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const starts = new Map<string, number[]>();
  if (machine === undefined) return starts;
  const rows = await reading.find("episodes", { where: { machine }, order: "newest", limit: MOST_EARLIER });
  for (const row of rows) {
    const key = seriesKey(recordOf(row).labels ?? {});
    const own = starts.get(key);
    if (own === undefined) starts.set(key, [Date.parse(row.start)]);
    else own.push(Date.parse(row.start));
  }
  return starts;
}
