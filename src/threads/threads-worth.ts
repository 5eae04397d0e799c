import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";

/**
 * How many threads some work is worth: as many as requested or as there are processors, none beside this one for little work,
 * and never more than there are parts. Where the sources run without a build there is no file to start a thread from.
 */
export function threadsWorth(
  script: URL,
  { asked, share, parts }: { readonly asked?: number; readonly share: number; readonly parts: number },
): number {
  if (!existsSync(fileURLToPath(script))) return 1;
  return Math.max(1, Math.min(asked ?? Math.min(availableParallelism(), Math.floor(share)), parts));
}
