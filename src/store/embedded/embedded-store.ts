import { setTimeout as wait } from "node:timers/promises";
import type Database from "libsql";
import { LockedError, messageOf, OutputError } from "../../errors/errors.js";
import { checkedRow } from "../check-row.js";
import { checkRows } from "../check-rows.js";
import { oneAtATime } from "../one-at-a-time.js";
import type { Migration } from "../sql/migrations.js";
import { type Dialect, type Statement, selectRows } from "../sql/select.js";
import { deleteRow, insertRow, selectRow } from "../sql/write.js";
import type { Reading, Store, Transaction } from "../store.js";
import type { Rows, TableName } from "../tables.js";
import { openDatabase } from "./open-database.js";

const DIALECT: Dialect = { placeholder: () => "?", table: (name) => name };

export interface EmbeddedStoreOptions {
  /** How long a writer waits for others. */
  readonly patienceMs?: number;
  readonly migrations?: readonly Migration[];
}

const PATIENCE_MS = 10_000;
const WAIT_MS = 5;

/**
 * The store of `serve`: one file, which several processes may use. Reading never waits for writing.
 *
 * @throws InputError if it is no database of this program, or one of a newer version.
 */
export function embeddedStore(path: string, options: EmbeddedStoreOptions = {}): Store {
  const { patienceMs = PATIENCE_MS, migrations } = options;
  // Two connections: one that has written sees that at once, and others must not before it is committed.
  const writer = openDatabase(path, migrations);
  const reader = openDatabase(path, migrations);
  const inTurn = oneAtATime();
  const reading = readDatabase(reader);
  return {
    ...reading,
    transaction: (work) =>
      inTurn(async () => {
        await begin(writer, path, patienceMs);
        try {
          const result = await work({ ...readDatabase(writer), ...writeDatabase(writer) });
          writer.exec("COMMIT");
          return result;
        } catch (thrown) {
          if (writer.inTransaction) writer.exec("ROLLBACK");
          throw isDatabaseError(thrown) ? writeError(path, thrown) : thrown;
        }
      }),
    check: async () => [
      ...(reader.prepare("PRAGMA integrity_check").all() as { readonly integrity_check: string }[])
        .map(({ integrity_check }) => integrity_check)
        .filter((said) => said !== "ok"),
      ...(await checkRows(reading)),
    ],
    vacuum: () =>
      inTurn(async () => {
        try {
          writer.exec("VACUUM");
          writer.pragma("wal_checkpoint(TRUNCATE)");
        } catch (thrown) {
          throw writeError(path, thrown);
        }
      }),
    sizeBytes: async () => {
      const { n } = reader
        .prepare(
          "SELECT (page_count - freelist_count) * page_size AS n FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()",
        )
        .get() as { readonly n: number };
      return n;
    },
    place: path,
    close: () =>
      inTurn(async () => {
        writer.close();
        reader.close();
      }),
  };
}

function readDatabase(database: Database.Database): Reading {
  return {
    get: async <T extends TableName>(table: T, id: string) => {
      const found = database.prepare(selectRow(DIALECT, table)).get(id) as { readonly body: string } | undefined;
      return found && (JSON.parse(found.body) as Rows[T]);
    },
    find: async <T extends TableName>(table: T, query = {}) => {
      const { text, values } = selectRows(DIALECT, table, query);
      const rows = database.prepare(text).all(...values) as { readonly body: string }[];
      return rows.map(({ body }) => JSON.parse(body) as Rows[T]);
    },
  };
}

function writeDatabase(database: Database.Database): Omit<Transaction, keyof Reading> {
  const run = ({ text, values }: Statement) => database.prepare(text).run(...values).changes > 0;
  return {
    put: async (table, row) => void run(insertRow(DIALECT, table, await checkedRow(table, row), "replace")),
    add: async (table, row) => run(insertRow(DIALECT, table, await checkedRow(table, row), "leave")),
    remove: async (table, id) => run({ text: deleteRow(DIALECT, table), values: [id] }),
  };
}

/** Waits for other processes without holding up this one's event loop: the database itself would wait in the call. */
async function begin(database: Database.Database, path: string, patienceMs: number): Promise<void> {
  for (const giveUpMs = performance.now() + patienceMs; ; await wait(WAIT_MS)) {
    try {
      database.exec("BEGIN IMMEDIATE");
      return;
    } catch (cause) {
      if (codeOf(cause) !== "SQLITE_BUSY") throw writeError(path, cause);
      if (performance.now() > giveUpMs) {
        throw new LockedError(
          `another process has been writing ${path} for ${patienceMs / 1000} s; wait until it ends`,
          {
            cause,
          },
        );
      }
    }
  }
}

const codeOf = (thrown: unknown) => (thrown as { readonly code?: unknown } | null)?.code;
const isDatabaseError = (thrown: unknown) => String(codeOf(thrown)).startsWith("SQLITE_");

function writeError(path: string, cause: unknown): OutputError {
  return new OutputError(
    "store",
    `cannot write ${path}: ${messageOf(cause)}; check the disk and the rights to the file`,
    {
      cause,
    },
  );
}
