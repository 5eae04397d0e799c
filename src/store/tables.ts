import type {
  ChangeRow,
  DeliveryRow,
  EpisodeRow,
  EventRow,
  IncidentRow,
  RunRow,
  SilenceRow,
  VerdictRow,
} from "./rows.js";

/** The tables of a store and the rows in each. */
export interface Rows {
  readonly episodes: EpisodeRow;
  readonly changes: ChangeRow;
  readonly incidents: IncidentRow;
  readonly deliveries: DeliveryRow;
  readonly verdicts: VerdictRow;
  readonly silences: SilenceRow;
  readonly events: EventRow;
  readonly runs: RunRow;
}
export type TableName = keyof Rows;

interface Table<T extends TableName> {
  /** The time that rows are ordered, found and dropped by. */
  readonly time: keyof Rows[T] & string;
  /** Texts that rows are found by. */
  readonly columns: readonly (keyof Rows[T] & string)[];
}

/** Of spans the time is their end: what is still ahead or under way is then found in one piece. */
export const TABLES = {
  episodes: { time: "start", columns: ["job", "machine", "kind", "severity", "status"] },
  changes: { time: "at", columns: ["episode"] },
  incidents: { time: "opened_at", columns: ["status"] },
  deliveries: { time: "due_at", columns: ["state", "route", "receiver", "incident"] },
  verdicts: { time: "at", columns: ["episode", "verdict"] },
  silences: { time: "until", columns: [] },
  events: { time: "until", columns: ["kind", "source"] },
  runs: { time: "started_at", columns: ["job"] },
} as const satisfies { readonly [T in TableName]: Table<T> };

export const TABLE_NAMES = Object.keys(TABLES) as readonly TableName[];

/** The texts that rows of a table can be found by. */
export type ColumnOf<T extends TableName> = (typeof TABLES)[T]["columns"][number];

/** The moment a row is ordered by, epoch ms. */
export function timeOf<T extends TableName>(table: T, row: Rows[T]): number {
  return Date.parse((row as Readonly<Record<string, unknown>>)[TABLES[table].time] as string);
}

/** The values that a row is found by, in the order of the table's columns. */
export function columnsOf<T extends TableName>(table: T, row: Rows[T]): readonly (string | null)[] {
  const values = row as Readonly<Record<string, unknown>>;
  return TABLES[table].columns.map((column) => (values[column] as string | null | undefined) ?? null);
}
