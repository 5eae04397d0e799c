import { basename, dirname, join } from "node:path";

/** The lock of a file stands beside it, hidden: `out/.anomalies.ndjson.lock`. */
export function lockPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.lock`);
}
