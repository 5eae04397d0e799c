import { checkedRow } from "../check-row.js";
import { checkRows } from "../check-rows.js";
import type { Migration } from "../sql/migrations.js";
import { type Dialect, type Statement, selectRows } from "../sql/select.js";
import { deleteRow, insertRow, selectRow } from "../sql/write.js";
import type { Reading, Store, Transaction } from "../store.js";
import { type Rows, TABLE_NAMES, type TableName } from "../tables.js";
import { type PostgresAddress, shownAddress } from "./address.js";
import { migrate } from "./migrate.js";
import { type Ask, openSession } from "./session.js";

export interface PostgresStoreOptions {
  /** Default: what the environment says (PGPASSWORD, PGPASSFILE), or none. */
  readonly password?: string;
  /** How long a writer waits for others. */
  readonly patienceMs?: number;
  readonly migrations?: readonly Migration[];
}

const PATIENCE_MS = 10_000;

/**
 * The store that several machines share. Writers take turns by an advisory lock: alerting writes little, and so every
 * backend holds the same.
 *
 * @throws InputError for a schema of a newer version; OutputError if the server does not answer or refuses.
 */
export async function postgresStore(address: PostgresAddress, options: PostgresStoreOptions = {}): Promise<Store> {
  const { password, patienceMs = PATIENCE_MS, migrations } = options;
  const place = shownAddress(address);
  const { schema } = address;
  const session = openSession(address, { password, patienceMs });
  try {
    await session.withConnection((ask) => migrate(ask, schema, place, migrations));
  } catch (thrown) {
    await session.end();
    throw thrown;
  }
  const dialect: Dialect = { placeholder: (n) => `$${n}`, table: (name) => `"${schema}".${name}` };
  const reading = readRows(session.ask, dialect);
  return {
    ...reading,
    transaction: (work) =>
      session.withConnection(async (ask) => {
        await ask("BEGIN");
        try {
          await ask("SELECT pg_advisory_xact_lock(hashtext($1), hashtext($2))", ["anomaly store", schema]);
          const result = await work({ ...readRows(ask, dialect), ...writeRows(ask, dialect) });
          await ask("COMMIT");
          return result;
        } catch (thrown) {
          await ask("ROLLBACK").catch(() => undefined);
          throw thrown;
        }
      }),
    check: () => checkRows(reading),
    vacuum: async () => {
      for (const table of TABLE_NAMES) await session.ask(`VACUUM (ANALYZE) ${dialect.table(table)}`);
    },
    sizeBytes: async () => {
      // What the files take does not shrink when rows go: the server keeps the space for others.
      const sizes = TABLE_NAMES.map(
        (table) => `(SELECT coalesce(sum(octet_length(body::text)), 0) FROM ${dialect.table(table)})`,
      );
      const { rows } = await session.ask(`SELECT (${sizes.join(" + ")})::float8 AS bytes`);
      return rows[0].bytes;
    },
    place,
    close: () => session.end(),
  };
}

function readRows(ask: Ask, dialect: Dialect): Reading {
  return {
    get: async <T extends TableName>(table: T, id: string) => {
      const { rows } = await ask(selectRow(dialect, table), [id]);
      return rows[0]?.body as Rows[T] | undefined;
    },
    find: async <T extends TableName>(table: T, query = {}) => {
      const { text, values } = selectRows(dialect, table, query);
      return (await ask(text, values)).rows.map(({ body }) => body as Rows[T]);
    },
  };
}

function writeRows(ask: Ask, dialect: Dialect): Pick<Transaction, "put" | "add" | "remove"> {
  const run = async ({ text, values }: Statement) => ((await ask(text, values)).rowCount ?? 0) > 0;
  return {
    put: async (table, row) => void (await run(insertRow(dialect, table, await checkedRow(table, row), "replace"))),
    add: async (table, row) => run(insertRow(dialect, table, await checkedRow(table, row), "leave")),
    remove: async (table, id) => run({ text: deleteRow(dialect, table), values: [id] }),
  };
}
