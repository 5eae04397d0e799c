import { InputError } from "../../errors/errors.js";
import { MIGRATIONS, type Migration } from "../sql/migrations.js";
import type { Ask } from "./session.js";

const TYPES = { id: 'TEXT COLLATE "C"', moment: "BIGINT", body: "JSON" } as const;

/**
 * Brings the schema up to date, in one transaction under an advisory lock: of processes that start together one migrates and the
 * others wait for it.
 *
 * @param schema checked by `parseAddress`. @throws InputError for a newer one.
 */
export async function migrate(
  ask: Ask,
  schema: string,
  place: string,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  await ask("BEGIN");
  try {
    await ask("SELECT pg_advisory_xact_lock(hashtext($1), hashtext($2))", ["anomaly store schema", schema]);
    const version = await versionOf(ask, schema);
    if (version > migrations.length) {
      throw new InputError(
        "store",
        `${place} was written by a newer version of anomaly (schema ${version}, this one knows up to ${migrations.length}); use that version, or another schema in the address (?schema=…)`,
      );
    }
    if (version < migrations.length) {
      await ask(`CREATE SCHEMA IF NOT EXISTS "${schema}"`);
      await ask(`SET LOCAL search_path TO "${schema}"`);
      await ask("CREATE TABLE IF NOT EXISTS store_version (version INTEGER NOT NULL)");
      for (const migration of migrations.slice(version)) {
        for (const statement of migration(TYPES)) await ask(statement);
      }
      await ask("DELETE FROM store_version");
      await ask("INSERT INTO store_version VALUES ($1)", [migrations.length]);
    }
    await ask("COMMIT");
  } catch (thrown) {
    await ask("ROLLBACK").catch(() => undefined);
    throw thrown;
  }
}

/** 0 where there is nothing yet. */
async function versionOf(ask: Ask, schema: string): Promise<number> {
  const { rows } = await ask("SELECT to_regclass($1) IS NOT NULL AS there", [`"${schema}".store_version`]);
  if (!rows[0].there) return 0;
  const found = await ask(`SELECT version FROM "${schema}".store_version`);
  return found.rows[0]?.version ?? 0;
}
