import { DAY_MS } from "../time/duration.js";
import type { Store, Transaction } from "./store.js";
import type { Rows, TableName } from "./tables.js";

export interface Retention {
  /** What ended longer ago is dropped. */
  readonly keepMs: number;
  /** Then the oldest is dropped until its rows take no more; undefined: whatever they take. */
  readonly maxBytes?: number;
}

/** A run a minute of twenty jobs is ten million rows a year, and after two weeks nobody asks how each of them went. */
const RUNS_KEEP_MS = 14 * DAY_MS;
/** Rows of one transaction: others write in between. */
const PIECE_ROWS = 500;
/** A cut-off aims below the limit, because rows differ in size. */
const AIM = 0.9;
const MOST_TRIES = 20;

/** Drops what is older than its time and more than its space. What is open, waiting or ahead stays. @returns how many rows went. */
export async function retain(store: Store, { keepMs, maxBytes }: Retention, nowMs: number): Promise<number> {
  let dropped = await dropBefore(store, nowMs - keepMs);
  dropped += await dropTable(store, "runs", nowMs - Math.min(keepMs, RUNS_KEEP_MS));
  if (maxBytes === undefined) return dropped;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const bytes = await store.sizeBytes();
    const oldestMs = await oldestEndMs(store);
    if (bytes <= maxBytes || oldestMs === undefined) break;
    const share = Math.min(AIM, (AIM * maxBytes) / bytes);
    const gone = await dropBefore(store, nowMs - (nowMs - oldestMs) * share);
    if (gone === 0) break;
    dropped += gone;
  }
  return dropped;
}

/** When a row has ended, epoch ms; undefined where it has not, or will only end later. */
const ENDS: { readonly [T in TableName]: ((row: Rows[T]) => string | null) | undefined } = {
  episodes: ({ status, end }) => (status === "closed" ? end : null),
  // They go with their episodes.
  changes: undefined,
  incidents: ({ closed_at }) => closed_at,
  deliveries: ({ ended_at }) => ended_at,
  verdicts: ({ at }) => at,
  silences: ({ until }) => until,
  events: ({ until }) => until,
  runs: ({ ended_at }) => ended_at,
};
const TABLES_THAT_END = (Object.keys(ENDS) as TableName[]).filter((table) => ENDS[table] !== undefined);

async function dropBefore(store: Store, beforeMs: number): Promise<number> {
  let dropped = 0;
  for (const table of TABLES_THAT_END) dropped += await dropTable(store, table, beforeMs);
  return dropped;
}

async function dropTable<T extends TableName>(store: Store, table: T, beforeMs: number): Promise<number> {
  const endOf = ENDS[table];
  let dropped = 0;
  let after: Rows[T] | undefined;
  do {
    // No row ends before the time that it is ordered by.
    const page: readonly Rows[T][] = await store.find(table, {
      untilMs: beforeMs,
      limit: PIECE_ROWS,
      ...(after && { after }),
    });
    after = page.length < PIECE_ROWS ? undefined : page[page.length - 1];
    const isOver = (row: Rows[T] | undefined) => {
      const end = row && endOf?.(row);
      return end !== undefined && end !== null && Date.parse(end) < beforeMs;
    };
    const over = page.filter(isOver);
    if (over.length === 0) continue;
    dropped += await store.transaction(async (transaction) => {
      let gone = 0;
      // It may have been opened again meanwhile.
      for (const { id } of over)
        if (isOver(await transaction.get(table, id))) gone += await drop(transaction, table, id);
      return gone;
    });
  } while (after !== undefined);
  return dropped;
}

async function drop(transaction: Transaction, table: TableName, id: string): Promise<number> {
  await transaction.remove(table, id);
  if (table !== "episodes") return 1;
  const changes = await transaction.find("changes", { where: { episode: id } });
  for (const change of changes) await transaction.remove("changes", change.id);
  return 1 + changes.length;
}

async function oldestEndMs(store: Store): Promise<number | undefined> {
  const ends: number[] = [];
  for (const table of TABLES_THAT_END) {
    const [oldest] = await store.find(table, { limit: 1 });
    const end = oldest && (ENDS[table] as (row: unknown) => string | null)(oldest);
    if (end) ends.push(Date.parse(end));
  }
  return ends.length === 0 ? undefined : Math.min(...ends);
}
