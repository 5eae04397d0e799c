/** A column that may name the series of its rows: rows of one name come again and again, in turns with others. */
const FEWEST_ROWS_EACH = 3;
/** Rows whose cell is another than that of the row before; a remark on one series changes seldom. */
const LEAST_TURNS = 0.5;
/** Of fewer rows nothing can be said. */
const FEWEST_ROWS = 6;

/**
 * Which of `candidates` likely names the series in a table that has no such column: its cells come in turns. A column of
 * measurements (`numeric`) is one only where times come again, each with another cell. Undefined where there is none.
 */
export function likelyName(
  rows: readonly (readonly string[])[],
  timesMs: readonly number[],
  candidates: readonly { readonly column: number; readonly numeric: boolean }[],
): number | undefined {
  if (rows.length < FEWEST_ROWS) return undefined;
  const timesRepeat = new Set(timesMs).size < timesMs.length;
  return candidates.find(({ column, numeric }) => {
    // Most tables are of hundreds of measurements at times of their own: their cells need no look.
    if (numeric && !timesRepeat) return false;
    const cells = rows.map((row) => (row[column] ?? "").trim());
    const names = new Set(cells);
    if (names.size < 2 || names.has("") || names.size * FEWEST_ROWS_EACH > cells.length) return false;
    if (timesRepeat) return new Set(cells.map((cell, i) => `${timesMs[i]} ${cell}`)).size === cells.length;
    const turns = cells.filter((cell, i) => i > 0 && cell !== cells[i - 1]).length;
    return turns >= LEAST_TURNS * cells.length;
  })?.column;
}
