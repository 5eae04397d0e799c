import type { Store, Transaction } from "../../store/store.js";
import { takeVerdict } from "../../store/verdicts.js";
import { formatUtc } from "../../time/format.js";
import { count } from "../../wording/count.js";
import type { Receivers } from "../receivers/house.js";
import type { Hearing, Said } from "../receivers/receiver.js";
import { episodesNamed, threadsOf } from "./threads.js";
import { type SaidVerdict, verdictIn } from "./words.js";

export interface HearAround {
  readonly store: Store;
  readonly receivers: Receivers;
  readonly nowMs: number;
  readonly signal: AbortSignal;
  /** One sentence about what cannot be read, or was taken. */
  readonly onNote: (receiver: string, level: "info" | "warn", words: string) => void;
}

/** What is remembered between two reads of one process. */
export interface HeardSoFar {
  readonly cursors: Map<string, number | null>;
  /** Receivers whose answers the bot may not read; they are not asked again. */
  readonly deaf: Set<string>;
}

export const nothingHeard = (): HeardSoFar => ({ cursors: new Map(), deaf: new Set() });

const WORDS = { true: "real", false: "a false alarm", expected: "expected" } as const;

/**
 * Takes the verdicts that people gave in answer to messages. Each is kept once, however often it is read, over restarts too, and is acknowledged in its
 * thread when it is kept. @returns how many were new.
 */
export async function hear(heard: HeardSoFar, around: HearAround): Promise<number> {
  let taken = 0;
  for (const name of around.receivers.names) {
    if (heard.deaf.has(name) || around.signal.aborted) continue;
    const hearing = (await around.receivers.get(name))?.hear;
    if (hearing !== undefined) taken += await hearOn(name, hearing, heard, around);
  }
  return taken;
}

async function hearOn(name: string, hearing: Hearing, heard: HeardSoFar, around: HearAround): Promise<number> {
  const { store, nowMs, onNote } = around;
  const threads = await threadsOf(store, name, nowMs);
  if (threads.length === 0) return 0;
  const read = await hearing.read(threads, around, heard.cursors.get(name) ?? null);
  if (!read.ok) {
    // An outage passes; a right that is missing does not.
    if (read.retry === "never") {
      heard.deaf.add(name);
      onNote(name, "warn", `answers are not read: ${read.error}`);
    }
    return 0;
  }
  let taken = 0;
  for (const said of read.said) {
    const verdict = verdictOf(said);
    if (verdict === undefined) continue;
    const kept = await store.transaction((transaction) => keep(transaction, said, verdict, nowMs));
    if (kept === 0) continue;
    taken++;
    const what = `${WORDS[verdict.verdict]}, says ${said.author}`;
    onNote(name, "info", `${count(kept, "episode")} of ${said.incident}: ${what}`);
    await hearing.answer(said, `Noted: ${what} (${count(kept, "episode")})`, around);
  }
  heard.cursors.set(name, read.cursor);
  return taken;
}

function verdictOf({ words }: Said): SaidVerdict | undefined {
  return "text" in words ? verdictIn(words.text) : { verdict: words.reaction, note: `reaction :${words.name}:` };
}

/** @returns how many episodes it gives a verdict; 0 where it was taken before. */
async function keep(
  transaction: Transaction,
  { incident, author, atMs }: Said,
  { verdict, note }: SaidVerdict,
  nowMs: number,
): Promise<number> {
  const named = await episodesNamed(transaction, incident);
  const at = formatUtc(atMs ?? nowMs);
  for (const { id: episode } of named) {
    // The moment makes a reply recognisable. A reaction has none: one of each kind by a person counts. What joins later is not what was answered.
    const known = await transaction.find("verdicts", { where: { episode, verdict } });
    const isThis = (one: (typeof known)[number]) => (atMs === null ? one.note === note : one.at === at);
    if (known.some((one) => one.author === author && isThis(one))) return 0;
  }
  for (const { id: episode, job } of named) {
    await takeVerdict(transaction, { episode, job, verdict, author, note }, at);
  }
  return named.length;
}
