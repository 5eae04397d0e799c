/** Lines of one record; a quote that is still open then is a stray one, as in `5" disk`. */
const LONGEST_RECORD_LINES = 50;

/** Whether a quoted cell is still open at the end of a line. A quote opens a cell only at its beginning (RFC 4180). */
export function isQuoteOpen(line: string, openBefore = false): boolean {
  let open = openBefore;
  if (!open && !line.includes('"')) return false;
  let atStart = true;
  for (let i = 0; i < line.length; i++) {
    const character = line[i];
    if (character === '"') {
      if (!open) open = atStart;
      else if (line[i + 1] === '"') i++;
      else open = false;
    }
    atStart = character === "," || character === ";" || character === "\t";
  }
  return open;
}

/**
 * How many of `lines` the record at `from` takes: more than one where a quoted cell holds line breaks; 1 where its quote is
 * never closed.
 */
export function linesOfRecord(lines: readonly string[], from: number): number {
  let open = isQuoteOpen(lines[from]);
  for (let count = 1; open && count < LONGEST_RECORD_LINES && from + count < lines.length; ) {
    open = isQuoteOpen(lines[from + count], true);
    count++;
    if (!open) return count;
  }
  return 1;
}
