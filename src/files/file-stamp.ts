import { statSync } from "node:fs";

/** Changes whenever the file is written, because files are replaced and never changed in place; undefined where there is none. */
export function fileStamp(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? undefined : `${stat.ino} ${stat.size} ${stat.mtimeNs}`;
}
