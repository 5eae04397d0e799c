import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The tests' own real servers on loopback, compiled for this run; `remove` clears away what was compiled. */
export async function loadServers() {
  const folder = mkdtempSync(join(tmpdir(), "anomaly-bench-"));
  const tsc = join(ROOT, "node_modules/.bin/tsc");
  execFileSync(tsc, ["-p", join(ROOT, "bench/sources/tsconfig.json"), "--outDir", folder], { stdio: "inherit" });
  execFileSync("node", [
    "-e",
    `require("node:fs").writeFileSync(${JSON.stringify(join(folder, "package.json"))}, '{"type":"module"}')`,
  ]);
  const load = (name) => import(pathToFileURL(join(folder, "sources/testing", name)).href);
  return {
    ...(await load("graphite-server.js")),
    ...(await load("promql-servers.js")),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
