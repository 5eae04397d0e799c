import { readFileSync } from "node:fs";

/** The package's version, read in place: once, in package.json. */
export function toolVersion(): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
  );
  return manifest.version;
}
