import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { runCaptured } from "./testing/captured.js";
import { goldenParts, type Outcome, shellWords, withOutcomes } from "./testing/golden.js";

const GOLDEN = fileURLToPath(new URL("golden/", import.meta.url));

async function replay(page: string): Promise<readonly Outcome[]> {
  const folder = mkdtempSync(join(tmpdir(), "golden-"));
  const before = process.cwd();
  process.chdir(folder);
  try {
    const outcomes: Outcome[] = [];
    for (const part of goldenParts(page)) {
      if (part.kind === "file") {
        mkdirSync(dirname(part.name), { recursive: true });
        writeFileSync(part.name, part.content);
        continue;
      }
      const { env, words } = shellWords(part.line);
      expect(words[0], "golden files hold commands of anomaly").toBe("anomaly");
      outcomes.push(await runCaptured(words.slice(1), { env }));
    }
    return outcomes;
  } finally {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  }
}

describe("golden pages: command, output and exit status are as written", () => {
  const pages = readdirSync(GOLDEN).filter((name) => name.endsWith(".md"));

  test.each(pages)("%s", async (name) => {
    const page = readFileSync(join(GOLDEN, name), "utf8");
    const outcomes = await replay(page);
    expect(outcomes.length).toBeGreaterThan(0);
    const actual = withOutcomes(page, outcomes);
    if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(join(GOLDEN, name), actual);
    else expect(actual).toBe(page);
  });
});
