import { createRequire } from "node:module";
import type * as CsvParse from "csv-parse/sync";

/** Loaded at the first quote: most files have none, and a command should not start slower for it. */
let csvParse: typeof CsvParse | undefined;

/** One record of CSV → its cells, which hold line breaks only where they are quoted. Quotes that are never closed stay as they are. */
export function splitLine(line: string, delimiter: string): string[] {
  if (!line.includes('"')) return line.split(delimiter);
  csvParse ??= createRequire(import.meta.url)("csv-parse/sync") as typeof CsvParse;
  const rows: string[][] = csvParse.parse(line, {
    delimiter,
    record_delimiter: ["\r\n", "\n"],
    relax_quotes: true,
    relax_column_count: true,
    skip_records_with_error: true,
  });
  return rows[0] ?? [];
}
