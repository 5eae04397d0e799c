import { lockPath } from "../files/lock.js";
import { isSpecialFile } from "../files/special-file.js";
import type { StreamKind } from "./streams.js";

/** Where results go: `stdout`, or a file or folder. */
export type Destination =
  | { readonly kind: "stdout" }
  | { readonly kind: "path"; readonly path: string }
  /** A device or pipe by its name, such as /dev/null: written into, without lock and without anything to bring up to date. */
  | { readonly kind: "special"; readonly path: string };

/**
 * `-o` decides where it is given, with `-` for stdout. Without it the records follow the pipe, or go into the file
 * that stdout was redirected to; on a terminal, and where stdout leads nowhere (/dev/null), they go to the usual place
 * under out/, so that nothing is lost and no screen is filled.
 */
export function decideDestination(output: string | undefined, stdout: StreamKind, usual: string): Destination {
  if (output === "-") return { kind: "stdout" };
  if (output !== undefined) return { kind: isSpecialFile(output) ? "special" : "path", path: output };
  return stdout === "pipe" || stdout === "file" ? { kind: "stdout" } : { kind: "path", path: usual };
}

/** The locks that writing there needs. */
export function destinationLocks(destination: Destination): readonly string[] {
  return destination.kind === "path" ? [lockPath(destination.path)] : [];
}
