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

/** A count with its noun: `1 series`, `12,345 rows`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${thousands(n)} ${n === 1 ? one : many}`;
}

/** `1234567` as `1,234,567`; fractions are cut. */
export function thousands(n: number): string {
  return Math.trunc(n)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Bytes in the unit that gives one to three digits: `4.2 MB`, decimal as `df -H` and disk makers count. */
export function bytes(n: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = n < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(n) / 3));
  const value = n / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}
