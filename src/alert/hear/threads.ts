import type { Reading } from "../../store/store.js";
import { DAY_MS } from "../../time/duration.js";
import { messageOfRow, repliesOf } from "../deliver/queue.js";
import type { Thread } from "../receivers/receiver.js";

/** Answers are read for this long after an incident is over. */
const LISTEN_MS = DAY_MS;
/** Of those that are over, this many of the newest are looked through. */
const MOST_CLOSED = 100;

/** The messages of a receiver that people may answer, of open incidents and those that ended within a day, the oldest first. */
export async function threadsOf(reading: Reading, receiver: string, nowMs: number): Promise<readonly Thread[]> {
  const live = await reading.find("incidents", { where: { status: ["open", "closing"] } });
  const over = await reading.find("incidents", { where: { status: "closed" }, order: "newest", limit: MOST_CLOSED });
  const recent = over.filter(({ closed_at }) => closed_at !== null && nowMs - Date.parse(closed_at) < LISTEN_MS);
  const threads: Thread[] = [];
  for (const { id } of [...recent.reverse(), ...live]) {
    const rows = await reading.find("deliveries", { where: { incident: id, receiver } });
    const replies = repliesOf(rows);
    if (replies.length > 0) threads.push({ incident: id, replies });
  }
  return threads;
}

/** The episodes that the newest message of an incident names: what an answer to it is about. */
export async function episodesNamed(
  reading: Reading,
  incident: string,
): Promise<readonly { readonly id: string; readonly job: string | null }[]> {
  const sent = (await reading.find("deliveries", { where: { incident } })).filter(({ state }) => state === "delivered");
  const newest = sent.reduce<(typeof sent)[number] | undefined>(
    (last, row) => (last === undefined || Date.parse(row.created_at) >= Date.parse(last.created_at) ? row : last),
    undefined,
  );
  if (newest === undefined) return [];
  const { record, members } = messageOfRow(newest);
  const ids = new Set([...(record === null ? [] : [record.id]), ...members.map(({ id }) => id)]);
  const found = [];
  for (const id of ids) {
    const row = await reading.get("episodes", id);
    if (row !== undefined) found.push({ id, job: row.job });
  }
  return found;
}
