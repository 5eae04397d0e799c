import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { ensureBuilt, freshFolder } from "../testing/built.js";

beforeAll(ensureBuilt);

/** Rows of the live days that are there at each run: it continues in small and large steps, into a new day. */
const ROWS = [90, 91, 92, 95, 110, 111, 165, 166];

test.each([
  ["", 1],
  [" --group-by machine", 2],
])(
  "runs over growing files write the same records and states whether they remember or not%s",
  {
    timeout: 600_000,
  },
  (groups, files) => {
    const { folder, path } = freshFolder();
    try {
      const anomaly = (words: string) => {
        const done = spawnSync("anomaly", words.split(" "), {
          cwd: folder,
          env: { PATH: path, HOME: folder },
          encoding: "utf8",
        });
        expect(done.status, done.stderr).toBe(0);
      };
      anomaly("train data/fleet/history --quiet");
      const live = join(folder, "live");
      mkdirSync(live);
      const names = readdirSync(join(folder, "data/fleet/live"));
      const written = (run: string) => [
        readFileSync(join(folder, run, "records.ndjson"), "utf8").replace(/"detected_at":"[^"]*"/g, ""),
        readFileSync(join(folder, run, "states.ndjson"), "utf8"),
      ];
      for (const rows of ROWS) {
        for (const name of names) {
          const lines = readFileSync(join(folder, "data/fleet/live", name), "utf8").split("\n");
          // The last row of all is still empty for every second machine, and filled in the next run.
          const last = lines[rows].split(",").map((cell, i) => (i % 2 === 1 ? "" : cell));
          writeFileSync(join(live, name), `${[...lines.slice(0, rows), last.join(",")].join("\n")}\n`);
        }
        for (const [run, how] of [
          ["remembering", ""],
          ["fresh", " --fresh"],
        ]) {
          anomaly(
            `infer data/fleet/history live -q -o ${run}/records.ndjson --states ${run}/states.ndjson --state-dir ${run}/state${how}${groups}`,
          );
        }
        expect(written("remembering")).toEqual(written("fresh"));
      }
      expect(readdirSync(join(folder, "remembering/state")).filter((name) => name.endsWith(".watch"))).toHaveLength(
        files,
      );
      expect(readdirSync(join(folder, "fresh/state")).filter((name) => name.endsWith(".watch"))).toHaveLength(0);
      const lines = readFileSync(join(folder, "remembering/records.ndjson"), "utf8").trim().split("\n");
      expect(lines.length).toBeGreaterThan(3);
      expect(lines.some((line) => JSON.parse(line).kind === "group")).toBe(groups !== "");
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
