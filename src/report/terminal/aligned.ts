/** How a column stands: words to the left, figures to the right. */
export type Align = "left" | "right";

/**
 * Rows as lines of aligned columns, two spaces apart; trailing blanks are cut.
 *
 * @param align for each column; the last one given holds for the rest. Default: left.
 * @example aligned([["spike", "3"], ["level_shift", "12"]], ["left", "right"])
 */
export function aligned(rows: readonly (readonly string[])[], align: readonly Align[] = ["left"]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, cell.length);
    });
  }
  return rows.map((row) =>
    row
      .map((cell, i) =>
        (align[i] ?? align[align.length - 1]) === "right" ? cell.padStart(widths[i]) : cell.padEnd(widths[i]),
      )
      .join("  ")
      .trimEnd(),
  );
}
