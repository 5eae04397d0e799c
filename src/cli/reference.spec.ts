import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readConfigFile } from "./config/file.js";
import { commandsPage, EXAMPLE_CONFIG, optionsPage } from "./reference.js";

const PAGES = { "options.md": optionsPage, "commands.md": commandsPage } as const;
const FOLDER = new URL("../../docs/reference/", import.meta.url);

describe("the reference pages", () => {
  test.each(Object.keys(PAGES) as (keyof typeof PAGES)[])("%s says what the option table says", (name) => {
    const page = PAGES[name]();
    if (process.env["UPDATE_GOLDEN"] === "1") {
      mkdirSync(FOLDER, { recursive: true });
      writeFileSync(new URL(name, FOLDER), page);
    }
    expect(readFileSync(new URL(name, FOLDER), "utf8")).toBe(page);
  });

  test("the example of anomaly.yaml on the options page is one", () => {
    const folder = mkdtempSync(join(tmpdir(), "config-"));
    try {
      writeFileSync(join(folder, "anomaly.yaml"), EXAMPLE_CONFIG.join("\n"));
      const settings = readConfigFile(join(folder, "anomaly.yaml"));
      expect(settings.find(({ key }) => key === "var")?.texts).toEqual(["machine=n200,n201", "aggregator=*"]);
      expect(settings.find(({ key }) => key === "output")).toMatchObject({
        command: "infer",
        texts: ["out/anomalies.ndjson"],
      });
      expect(settings).toHaveLength(11);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
