import { parse } from "csv-parse/sync";

/** One line of CSV → its cells. Quotes that are never closed stay as they are. */
export function splitLine(line: string, delimiter: string): string[] {
  if (!line.includes('"')) return line.split(delimiter);
  const rows: string[][] = parse(line, {
    delimiter,
    relax_quotes: true,
    relax_column_count: true,
    skip_records_with_error: true,
  });
  return rows[0] ?? [];
}
