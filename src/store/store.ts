import type { ColumnOf, Rows, TableName } from "./tables.js";

/**
 * What outlives a run and is more than a job's own files: episodes and how they changed, incidents, deliveries, verdicts,
 * silences, events, runs. Files, the embedded database and PostgreSQL hold it alike; whatever passes `testing/contract.ts`
 * can be another.
 *
 * A row has an id and is what JSON keeps of it. Writers take turns, over processes and machines: a transaction sees all that was
 * written before it, and what it writes is there as a whole or not at all. When it returns, its rows survive the death of
 * the process.
 */
export interface Store extends Reading {
  /**
   * Does some work as one. What it throws undoes it. Inside, only `transaction` may be used, and nothing that takes long: others
   * wait meanwhile.
   *
   * @throws LockedError if others write for longer than is patient; OutputError if it cannot be written.
   */
  readonly transaction: <R>(work: (transaction: Transaction) => Promise<R>) => Promise<R>;
  /** What is wrong with it, one sentence each; nothing: all is well. */
  readonly check: () => Promise<readonly string[]>;
  /** Gives back the space of what is no longer there. */
  readonly vacuum: () => Promise<void>;
  /** What its rows take. */
  readonly sizeBytes: () => Promise<number>;
  /** Where it is, fit to be shown. */
  readonly place: string;
  readonly close: () => Promise<void>;
}

export interface Reading {
  readonly get: <T extends TableName>(table: T, id: string) => Promise<Rows[T] | undefined>;
  /** Rows in the order of their time and then id. */
  readonly find: <T extends TableName>(table: T, query?: Query<T>) => Promise<readonly Rows[T][]>;
}

export interface Transaction extends Reading {
  /** Writes a row, in place of the one that has its id. @throws InputError for what is no such row. */
  readonly put: <T extends TableName>(table: T, row: Rows[T]) => Promise<void>;
  /** Writes a row unless there is one of its id. @returns whether it was written. */
  readonly add: <T extends TableName>(table: T, row: Rows[T]) => Promise<boolean>;
  /** @returns whether there was one. */
  readonly remove: (table: TableName, id: string) => Promise<boolean>;
}

export interface Query<T extends TableName> {
  /** The value of a column, or one of several. */
  readonly where?: { readonly [C in ColumnOf<T>]?: string | null | readonly (string | null)[] };
  /** By the table's time, epoch ms, `[fromMs, untilMs)`. */
  readonly fromMs?: number;
  readonly untilMs?: number;
  /** Default `oldest` first. */
  readonly order?: "oldest" | "newest";
  readonly limit?: number;
  /** Only what follows this row in the order: the last row of the page before. */
  readonly after?: Rows[T];
}
