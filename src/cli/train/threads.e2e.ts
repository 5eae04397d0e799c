import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { ensureBuilt, freshFolder } from "../testing/built.js";

beforeAll(ensureBuilt);

test("a training writes the same model, byte by byte, with one thread and with three", { timeout: 600_000 }, () => {
  const { folder, path } = freshFolder();
  try {
    const train = (threads: number) => {
      const words = `train data/fleet/history --threads ${threads} --model m${threads} --exclude 2025-06-10/2025-06-11`;
      const done = spawnSync("anomaly", words.split(" "), {
        cwd: folder,
        env: { PATH: path, HOME: folder },
        encoding: "utf8",
      });
      expect(done.status, done.stderr).toBe(0);
      const manifest = JSON.parse(readFileSync(join(folder, `models/m${threads}/manifest.json`), "utf8"));
      return {
        model: readFileSync(join(folder, `models/m${threads}/model.bin`)).toString("base64"),
        data: manifest.data,
        metrics: manifest.metrics,
      };
    };
    expect(train(3)).toEqual(train(1));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
