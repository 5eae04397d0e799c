import type { DayOrder } from "../time/instant-iso.js";

export type Delimiter = "," | ";" | "\t";

/** How one CSV file says what it says. */
export interface Dialect {
  readonly delimiter: Delimiter;
  readonly decimal: "." | ",";
  /** Lines before the header or the first row: an Excel `sep=` line, blank lines. */
  readonly leadingLines: number;
  /** Lines of the header: 0 without one, more than 1 where its quoted cells hold line breaks. */
  readonly headerLines: number;
  /** The names of the columns; without a header they are made up, and only `name`, `time` and `value` mean something. */
  readonly columns: readonly string[];
  readonly header: boolean;
  /** `wide`: one column per series. `long`: one row per value, the series named in `nameColumns`. */
  readonly shape: "wide" | "long";
  readonly timeColumn: number;
  readonly nameColumns: readonly number[];
  readonly valueColumns: readonly number[];
  /** Names of columns that hold marks (`label`, `is_anomaly`) beside the measurements and are not read. */
  readonly ignored: readonly string[];
  /** A column that likely names the series of the rows and was not taken for that. */
  readonly likelyName?: string;
  /** What the times look like, for people: `ISO 8601 UTC`, `epoch ms`, `YYYY-MM-DD HH:MM:SS without zone`. */
  readonly timeFormat: string;
  /** Whether times come without a zone, so that `--timezone` decides. */
  readonly naive: boolean;
  readonly dayOrder: DayOrder | undefined;
}

/** Why a file cannot be read as CSV of time series. `line` is 1-based, absent where the whole file is meant. */
export interface DialectProblem {
  readonly code: string;
  readonly reason: string;
  readonly line?: number;
}
