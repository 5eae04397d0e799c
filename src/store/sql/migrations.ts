/** How a migration names what differs between the databases. */
export interface Types {
  /** A text that sorts by its bytes. */
  readonly id: string;
  readonly moment: string;
  /** A row as JSON, byte for byte as it was written. */
  readonly body: string;
}

/** One step forward: statements that are run in one transaction. */
export type Migration = (types: Types) => readonly string[];

/** The tables as version 1 made them. Once released a migration is never changed; another one is added behind it. */
const VERSION_1: Readonly<Record<string, readonly string[]>> = {
  episodes: ["job", "machine", "kind", "severity", "status"],
  changes: ["episode"],
  incidents: ["status"],
  deliveries: ["state", "route", "receiver", "incident"],
  verdicts: ["episode", "verdict"],
  silences: [],
  events: ["kind", "source"],
  runs: ["job"],
};

const first: Migration = ({ id, moment, body }) =>
  Object.entries(VERSION_1).flatMap(([table, columns]) => [
    `CREATE TABLE ${table} (id ${id} PRIMARY KEY, at_ms ${moment} NOT NULL, ${columns.map((column) => `c_${column} TEXT, `).join("")}body ${body} NOT NULL)`,
    `CREATE INDEX ${table}_by_time ON ${table} (at_ms, id)`,
    ...columns.map((column) => `CREATE INDEX ${table}_by_${column} ON ${table} (c_${column}, at_ms, id)`),
  ]);

export const MIGRATIONS: readonly Migration[] = [first];
