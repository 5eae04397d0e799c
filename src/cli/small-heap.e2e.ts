import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";

const BIN = fileURLToPath(new URL("../../bin/anomaly.js", import.meta.url));
/** Enough for the program and 100,000 series, and far too little for what the files hold. */
const HEAP_MB = 256;
const START_S = 1_751_328_000;
const folder = mkdtempSync(join(tmpdir(), "anomaly-heap-"));
afterAll(() => rmSync(folder, { recursive: true }));

const NAMES = `time,name,value\n${Array.from({ length: 2_000_000 }, (_, i) => `${START_S + i},request-${i},1\n`).join("")}`;
const COLUMNS = `time,${Array.from({ length: 2_000_000 }, (_, i) => `column-${i}`).join(",")}\n${START_S}${",1".repeat(2_000_000)}\n`;
const BOMB = gzipSync(`time,n1,n2\n${`${START_S},1,2\n`.repeat(15_000_000)}`);

test.each([
  ["names.csv", NAMES, 'error: names.csv, column "name", has more than 100,000 series', "--max-series"],
  ["columns.csv", COLUMNS, "error: columns.csv has more than 100,000 series", "--max-series"],
  ["bomb.csv.gz", BOMB, "error: bomb.csv.gz unpacks to more than 100 MB", "--max-decompressed"],
])(
  "%s that would fill the memory ends as one sentence and status 1",
  { timeout: 600_000 },
  (name, content, said, option) => {
    writeFileSync(join(folder, name), content);
    for (const command of [["train", "--dry-run"], ["backtest"]]) {
      const args = [`--max-old-space-size=${HEAP_MB}`, BIN, ...command, name, "--max-decompressed", "100MB"];
      const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
      expect(stderr).toContain(said);
      expect(stderr).toContain(`raise ${option}`);
      expect(status).toBe(1);
    }
  },
);
