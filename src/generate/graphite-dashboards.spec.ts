import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { graphiteDashboards } from "./graphite-dashboards.js";

test.each(Object.entries(graphiteDashboards(["lag", "load"])))(
  "%s on Graphite is the one that is kept",
  (name, board) => {
    const path = fileURLToPath(new URL(`golden/${name.replace(".json", ".graphite.json")}`, import.meta.url));
    const text = `${JSON.stringify(board, null, 2)}\n`;
    if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(path, text);
    expect(text).toBe(readFileSync(path, "utf8"));
  },
);
