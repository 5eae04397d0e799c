import { existsSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import Database from "libsql";
import { InputError, messageOf } from "../../errors/errors.js";
import { makeFolder } from "../../files/folder.js";
import { MIGRATIONS, type Migration } from "../sql/migrations.js";

const TYPES = { id: "TEXT", moment: "INTEGER", body: "TEXT" } as const;
/** "anom": so that the database of another program is not taken for ours, and `file` can tell. */
const APPLICATION_ID = 0x616e6f6d;
/** While it is opened others may migrate it, which takes long; afterwards waiting must not hold up the event loop. */
const OPENING_PATIENCE_MS = 30_000;
export const BUSY_MS = 20;

/** Opens and, where it is of an older version, migrates the database; a copy is made before: `store.db.v1.bak`. @throws InputError. */
export function openDatabase(path: string, migrations: readonly Migration[] = MIGRATIONS): Database.Database {
  let database: Database.Database | undefined;
  try {
    makeFolder(dirname(path));
    database = new Database(path);
    // Before anything else, or two processes that open it together fail instead of waiting.
    database.pragma(`busy_timeout = ${OPENING_PATIENCE_MS}`);
    database.pragma("journal_mode = WAL");
    // A confirmed write survives a power cut too.
    database.pragma("synchronous = FULL");
    migrate(database, path, migrations);
    database.pragma(`busy_timeout = ${BUSY_MS}`);
    return database;
  } catch (cause) {
    database?.close();
    if (cause instanceof InputError) throw cause;
    throw new InputError(
      "store",
      `cannot open the store ${path}: ${messageOf(cause)}; check that it is a database of anomaly and may be written, or give --store another place`,
      { cause },
    );
  }
}

function migrate(database: Database.Database, path: string, migrations: readonly Migration[]): void {
  const version = checkedVersion(database, path, migrations.length);
  if (version === migrations.length) return;
  if (version > 0) backUp(database, `${path}.v${version}.bak`);
  database.exec("BEGIN IMMEDIATE");
  try {
    // Another process may have been faster.
    const now = checkedVersion(database, path, migrations.length);
    for (const migration of migrations.slice(now)) for (const statement of migration(TYPES)) database.exec(statement);
    database.pragma(`application_id = ${APPLICATION_ID}`);
    database.pragma(`user_version = ${migrations.length}`);
    database.exec("COMMIT");
  } catch (cause) {
    database.exec("ROLLBACK");
    throw cause;
  }
}

function checkedVersion(database: Database.Database, path: string, known: number): number {
  const version = numberOf(database, "user_version");
  const application = numberOf(database, "application_id");
  const isEmpty = version === 0 && application === 0 && tableCount(database) === 0;
  if (!isEmpty && application !== APPLICATION_ID) {
    throw new InputError("store", `${path} is a database of another program; give --store another place`);
  }
  if (version <= known) return version;
  throw new InputError(
    "store",
    `${path} was written by a newer version of anomaly (schema ${version}, this one knows up to ${known}); use that version, or give --store another place`,
  );
}

/** A whole copy, made before the first statement that changes it. */
function backUp(database: Database.Database, path: string): void {
  if (existsSync(path)) rmSync(path);
  database.prepare("VACUUM INTO ?").run(path);
}

function numberOf(database: Database.Database, name: "user_version" | "application_id"): number {
  const row = database.prepare(`PRAGMA ${name}`).get() as Readonly<Record<string, number>>;
  return Number(row[name]);
}

function tableCount(database: Database.Database): number {
  return Number((database.prepare("SELECT count(*) AS n FROM sqlite_master").get() as { readonly n: number }).n);
}
