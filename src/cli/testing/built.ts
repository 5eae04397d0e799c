import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
export const BIN = join(ROOT, "bin/anomaly.js");

function newest(folder: string): number {
  return Math.max(
    0,
    ...readdirSync(folder, { withFileTypes: true }).map((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? newest(path) : entry.name.endsWith(".ts") ? statSync(path).mtimeMs : 0;
    }),
  );
}

/** Tests of real processes run what was built, so what was built must be what the sources say. `npm test` builds first. */
export function ensureBuilt(): void {
  const main = join(ROOT, "dist/bundle/main.js");
  if (existsSync(main) && statSync(main).mtimeMs >= newest(join(ROOT, "src"))) return;
  execFileSync(join(ROOT, "node_modules/.bin/rolldown"), ["-c", "--logLevel", "warn"], { cwd: ROOT, stdio: "pipe" });
}

/** A folder as a user has it after cloning: data/, and `anomaly` as a command on the path that is returned. */
export function freshFolder(options: { readonly data?: boolean } = {}): {
  readonly folder: string;
  readonly path: string;
} {
  const folder = mkdtempSync(join(tmpdir(), "anomaly-"));
  mkdirSync(join(folder, "bin"));
  symlinkSync(BIN, join(folder, "bin/anomaly"));
  for (const name of ["models", "out"]) mkdirSync(join(folder, name));
  if (options.data !== false) cpSync(join(ROOT, "data"), join(folder, "data"), { recursive: true });
  return { folder, path: `${join(folder, "bin")}:${process.env["PATH"] ?? ""}` };
}
