import { aligned } from "../report/terminal/aligned.js";
import { visible } from "../wording/visible.js";
import type { Streams } from "./streams.js";

/** Rows as a table under its heads, or nothing where there are none; text from outside shows its control characters. */
export async function printTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  streams: Streams,
): Promise<void> {
  if (rows.length === 0) return;
  const lines = aligned([head, ...rows.map((row) => row.map(visible))]);
  await streams.out(`${lines.join("\n")}\n`);
}

/** One array, one row per line. */
export async function printJson(rows: readonly unknown[], streams: Streams): Promise<void> {
  await streams.out(rows.length === 0 ? "[]\n" : `[\n${rows.map((row) => JSON.stringify(row)).join(",\n")}\n]\n`);
}
