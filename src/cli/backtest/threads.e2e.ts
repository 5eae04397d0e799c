import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { ensureBuilt, freshFolder } from "../testing/built.js";

beforeAll(ensureBuilt);

test("a backtest writes and says the same with one thread and with three", { timeout: 600_000 }, () => {
  const { folder, path } = freshFolder();
  try {
    const run = (threads: number, method: string) => {
      const output = `out/${method}-${threads}`;
      const words = `backtest data/fleet --labels data/fleet/truth.json --refit 14d --detector ${method} --vus --threads ${threads} -o ${output}`;
      const done = spawnSync("anomaly", words.split(" "), {
        cwd: folder,
        env: { PATH: path, HOME: folder },
        encoding: "utf8",
      });
      expect(done.status, done.stderr).toBe(0);
      const names = readdirSync(join(folder, output)).sort();
      return {
        said: done.stdout,
        files: names.map((name) => [name, readFileSync(join(folder, output, name), "utf8")]),
      };
    };
    for (const method of ["residual", "family"]) {
      const alone = run(1, method);
      expect(alone.files.length).toBe(20);
      expect(run(3, method)).toEqual(alone);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
