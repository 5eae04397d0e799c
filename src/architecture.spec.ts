import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { DETECTOR_NAMES } from "./detectors/registry.js";

const SRC = dirname(fileURLToPath(import.meta.url));

/**
 * The layers from the ground up. A file may import its own folder and every layer below its own, never one beside it
 * or above it. What stands on one line is side by side.
 */
const LAYERS: readonly (readonly string[])[] = [
  ["errors"],
  ["time", "math"],
  ["wording"],
  ["files", "http", "threads"],
  ["series"],
  ["shelf"],
  ["records"],
  ["sources", "features", "simulate", "doctor", "augurs"],
  ["csv", "discover", "forest", "network"],
  ["detectors"],
  ["model", "anomalies"],
  ["verdicts", "groups"],
  ["watch", "evaluate", "hydrate"],
  ["store", "plot", "incidents", "around"],
  ["report"],
  ["runs"],
  ["work", "alert", "lifecycle", "generate"],
  ["serve"],
  ["cli"],
];
/** Folders that only compute: no file system, no network, no clock. Their data is handed in. */
const PURE = [
  "errors",
  "time",
  "wording",
  "math",
  "series",
  "features",
  "forest",
  "network",
  "detectors",
  "anomalies",
  "incidents",
  "verdicts",
  "groups",
  "around",
  "doctor",
];
/** Types that pure code may take from a folder that does I/O (the interface a source is handed in by). */
const TYPE_ONLY = ["sources/source.js"];

interface Import {
  readonly file: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return name === "testing" ? [] : sourceFiles(path);
    return /\.(spec|e2e|bench)\.ts$/.test(name) || !name.endsWith(".ts") ? [] : [path];
  });
}

function imports(): Import[] {
  return sourceFiles(SRC).flatMap((path) =>
    [
      ...readFileSync(path, "utf8").matchAll(
        /^\s*(?:import|export)\s+(type\s+)?[^;]*?from\s+"([^"]+)"|import\("([^"]+)"\)/gm,
      ),
    ].map((match) => {
      const target = match[2] ?? match[3];
      return {
        file: relative(SRC, path),
        to: target.startsWith(".") ? relative(SRC, resolve(dirname(path), target)) : target,
        typeOnly: match[1] !== undefined,
      };
    }),
  );
}

const folderOf = (file: string) => file.split("/")[0];
const layerOf = (file: string) => LAYERS.findIndex((layer) => layer.includes(folderOf(file)));

describe("the layout of DESIGN.md", () => {
  const all = imports();

  test("there are imports to check, and every folder has a layer", () => {
    expect(all.length).toBeGreaterThan(20);
    const homeless = [...new Set(all.map((i) => folderOf(i.file)).filter((f) => layerOf(`${f}/`) < 0))];
    expect(homeless).toEqual([]);
  });

  test("imports point from a layer to the layers below it", () => {
    const wrong = all.filter((i) => {
      if (layerOf(i.to) < 0) return false;
      if (folderOf(i.file) === folderOf(i.to)) return false;
      return layerOf(i.to) >= layerOf(i.file);
    });
    expect(wrong.map((i) => `${i.file} -> ${i.to}`)).toEqual([]);
  });

  test("no import leads back to where it started, inside folders either", () => {
    const next = new Map<string, string[]>();
    for (const { file, to } of all) {
      const target = to.replace(/\.js$/, ".ts");
      if (target !== file) next.set(file, [...(next.get(file) ?? []), target]);
    }
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (file: string, path: readonly string[]) => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(" -> "));
      if (path.includes(file) || done.has(file)) return;
      for (const target of next.get(file) ?? []) visit(target, [...path, file]);
      done.add(file);
    };
    for (const file of next.keys()) visit(file, []);
    expect(circles).toEqual([]);
  });

  test("no room holds more than a sixth of the code", () => {
    const lines = new Map<string, number>();
    for (const path of sourceFiles(SRC)) {
      const room = folderOf(relative(SRC, path));
      lines.set(room, (lines.get(room) ?? 0) + readFileSync(path, "utf8").split("\n").length);
    }
    const total = [...lines.values()].reduce((sum, n) => sum + n, 0);
    expect([...lines].filter(([, n]) => n > total / 6).map(([room, n]) => `${room}: ${n} of ${total} lines`)).toEqual(
      [],
    );
  });

  test("code that computes does no input or output", () => {
    const io = /^(node:(fs|http|https|net|child_process|worker_threads)|undici$|node:fs\/)/;
    const wrong = all.filter(
      (i) =>
        PURE.includes(folderOf(i.file)) &&
        (io.test(i.to) ||
          (["sources", "files", "http"].includes(folderOf(i.to)) && !(i.typeOnly && TYPE_ONLY.includes(i.to)))),
    );
    expect(wrong.map((i) => `${i.file} -> ${i.to}`)).toEqual([]);
  });

  test("only the registry knows which detectors there are: nothing outside loads the code of one", () => {
    const own = DETECTOR_NAMES.map((name) => `detectors/${name}/`);
    const folders = readdirSync(join(SRC, "detectors")).filter((name) =>
      statSync(join(SRC, "detectors", name)).isDirectory(),
    );
    const shared = ["testing", "machine", "band", "trained"];
    expect(folders.filter((name) => !shared.includes(name)).sort()).toEqual([...DETECTOR_NAMES].sort());
    const wrong = all.filter((i) => folderOf(i.file) !== "detectors" && own.some((folder) => i.to.startsWith(folder)));
    expect(wrong.map((i) => `${i.file} -> ${i.to}`)).toEqual([]);
    const sideways = all.filter((i) =>
      own.some(
        (folder) => i.file.startsWith(folder) && own.some((other) => other !== folder && i.to.startsWith(other)),
      ),
    );
    expect(sideways.map((i) => `${i.file} -> ${i.to}`)).toEqual([]);
  });

  test("only the store loads the databases", () => {
    const wrong = all.filter((i) => /^(libsql|pg)$/.test(i.to) && folderOf(i.file) !== "store");
    expect(wrong.map((i) => `${i.file} -> ${i.to}`)).toEqual([]);
  });

  test("only the picture folder loads the picture libraries", () => {
    const heavy = /^(vega|vega-lite|@resvg\/resvg-js)$/;
    expect(all.filter((i) => heavy.test(i.to) && folderOf(i.file) !== "plot").map((i) => i.file)).toEqual([]);
  });
});
