import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { defineConfig } from "rolldown";

/*
 * What `bin/anomaly.js` runs: the program in few files, because loading a module takes about 0.7 ms, whatever is in it
 * (docs/performance.md). Packages stay outside. Names and lines are kept: `node --enable-source-maps` shows the TypeScript.
 */
const MAIN = "src/cli/main.ts";

/** A thread starts from a file of its own, which code names as `./…-worker.js`: they lie beside the chunks. */
const workers = readdirSync("src", { recursive: true })
  .filter((path) => path.endsWith("-worker.ts"))
  .map((path) => join("src", path));

/** What is always loaded together is one file each: for every call; for every command; for `infer` from CSV, the one run most often; for
 * the two detectors that `auto` usually chooses from; for the store of files, once there are episodes. */
const TOGETHER = {
  main: [MAIN],
  command: ["src/cli/run.ts", "src/cli/guarded-streams.ts", "src/cli/help.ts", "src/cli/log.ts"],
  infer: ["src/cli/run-command.ts", "src/cli/infer/infer.ts", "src/runs/source/open-csv.ts"],
  detectors: ["src/detectors/residual/detector.ts", "src/detectors/family/detector.ts"],
  store: ["src/runs/record-found.ts", "src/store/files/file-store.ts", "src/store/judged.ts"],
};

/** Which of these a module belongs to: the first that imports it, not counting what is only loaded when it is used. */
function togetherness() {
  const found = new Map();
  return (module, graph) => {
    if (found.size === 0) {
      for (const [name, files] of Object.entries(TOGETHER)) {
        const todo = files.map((file) => resolve(file));
        for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
          if (found.has(id) || !id.endsWith(".ts")) continue;
          found.set(id, name);
          todo.push(...(graph.getModuleInfo(id)?.importedIds ?? []));
        }
      }
    }
    return found.get(module) ?? null;
  };
}

const program = defineConfig({
  input: [MAIN, ...workers],
  platform: "node",
  logLevel: "warn",
  external: (id) => !id.startsWith(".") && !id.startsWith("/"),
  // Loading late is about packages as well as files; what is in one file for one command may be late for another.
  checks: { ineffectiveDynamicImport: false },
  preserveEntrySignatures: "allow-extension",
  output: {
    dir: "dist/bundle",
    format: "esm",
    sourcemap: true,
    chunkFileNames: "[name].js",
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [{ debugName: "together", name: togetherness() }],
    },
  },
});

/** The style of the served pages, with that of the charts. */
const styles = {
  name: "styles",
  generateBundle() {
    const files = ["node_modules/uplot/dist/uPlot.min.css", "src/serve/client/client.css"];
    const source = files.map((path) => readFileSync(path, "utf8")).join("\n");
    this.emitFile({ type: "asset", fileName: "client.css", source });
  },
};

/** What the served pages load: one file for the browser, the charts in it. */
const client = defineConfig({
  input: { client: "src/serve/client/client.js" },
  platform: "browser",
  logLevel: "warn",
  plugins: [styles],
  output: { dir: "dist/bundle", format: "iife", minify: true, entryFileNames: "[name].js" },
});

export default [program, client];
