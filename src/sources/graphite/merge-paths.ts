/** A path of plain nodes: what a glob, a function or a tag has in it means something else inside braces. */
const PLAIN = /^[^\s(){}[\]*?,;=]+$/;

/**
 * Paths as few expressions that match exactly them: `a.n1.lag`, `a.n2.lag` → `a.{n1,n2}.lag`, over several nodes where all
 * combinations are there. Graphite finds 50 metrics behind one pattern in an eighth of the time that it takes for 50 patterns
 * (bench/sources). What is no plain path stays as it is.
 */
export function mergePaths(expressions: readonly string[]): string[] {
  const plain = expressions.filter((expression) => PLAIN.test(expression));
  const others = expressions.filter((expression) => !PLAIN.test(expression));
  const byLength = new Map<number, string[][]>();
  for (const path of new Set(plain)) {
    const nodes = path.split(".");
    byLength.set(nodes.length, [...(byLength.get(nodes.length) ?? []), nodes]);
  }
  const merged = [...byLength].flatMap(([length, rows]) => mergeRows(rows, length).map((nodes) => nodes.join(".")));
  return [...merged, ...others];
}

/** Merges over that node first which leaves the fewest rows, then over the others as they allow. */
function mergeRows(rows: readonly (readonly string[])[], length: number): readonly (readonly string[])[] {
  let best = rows;
  for (let i = 0; i < length; i++) {
    const merged = mergeOver(rows, i);
    if (merged.length < best.length) best = merged;
  }
  return best.length < rows.length ? mergeRows(best, length) : rows;
}

/** Rows that differ in node `i` only become one; a node that holds braces already is merged no more. */
function mergeOver(rows: readonly (readonly string[])[], i: number): readonly (readonly string[])[] {
  const groups = new Map<string, (readonly string[])[]>();
  for (const row of rows) {
    const key = row[i].startsWith("{") ? row.join(".") : row.with(i, "").join(".");
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].map((group) =>
    group.length === 1 ? group[0] : group[0].with(i, `{${group.map((row) => row[i]).join(",")}}`),
  );
}
