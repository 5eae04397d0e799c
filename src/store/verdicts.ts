import { createHash } from "node:crypto";
import { formatUtc } from "../time/format.js";
import type { VerdictRow } from "./rows.js";
import type { Reading, Store, Transaction } from "./store.js";

/** What a person said of an episode. */
export type Verdict = VerdictRow["verdict"];

export interface GivenVerdict {
  /** Id of the episode. */
  readonly episode: string;
  readonly job: string | null;
  readonly verdict: Verdict;
  readonly author: string | null;
  readonly note: string | null;
}

/** Keeps a verdict; the ones before it stay as history. It counts from now on, also where a clock was wrong before. */
export function giveVerdict(store: Store, given: GivenVerdict, nowMs: number): Promise<VerdictRow> {
  return store.transaction(async (transaction) => {
    const before = await newestVerdict(transaction, given.episode);
    const atMs = before === undefined ? nowMs : Math.max(nowMs, Date.parse(before.at) + 1);
    const row = verdictRow(given, formatUtc(atMs));
    await transaction.put("verdicts", row);
    return row;
  });
}

/** Takes a verdict as it was given elsewhere. @returns whether it was not there yet. */
export function takeVerdict(transaction: Transaction, given: GivenVerdict, at: string): Promise<boolean> {
  return transaction.add("verdicts", verdictRow(given, at));
}

/** The verdict that counts; undefined where nobody has said anything. */
export async function newestVerdict(reading: Reading, episode: string): Promise<VerdictRow | undefined> {
  const [newest] = await reading.find("verdicts", { where: { episode }, order: "newest", limit: 1 });
  return newest;
}

/** The verdict that counts of each episode that has one. */
export async function countingVerdicts(reading: Reading): Promise<ReadonlyMap<string, VerdictRow>> {
  return new Map((await reading.find("verdicts")).map((row) => [row.episode, row]));
}

/** The same verdict has the same id wherever it is imported. */
function verdictRow({ episode, job, verdict, author, note }: GivenVerdict, at: string): VerdictRow {
  const id = createHash("sha256")
    .update(JSON.stringify([episode, verdict, author, note, Date.parse(at)]))
    .digest("hex")
    .slice(0, 16);
  return { id, episode, job, verdict, author, note, at };
}
