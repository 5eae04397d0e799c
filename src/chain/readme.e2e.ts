import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { COMMANDS } from "../cli/commands/table.js";
import { ALL_OPTIONS } from "../cli/options/table.js";
import { ROOT } from "../cli/testing/built.js";
import type { AnomalyRecord } from "../records/record.js";
import { type Block, blocksOf, inlineCode, localLinks } from "./testing/pages.js";
import { openPlace, type Place, parseLines } from "./testing/place.js";

/** The reference pages are made from the option table, whose examples `src/cli/examples.e2e.ts` runs. */
const PAGES = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(ROOT, "docs")).flatMap((n) => (n.endsWith(".md") ? [`docs/${n}`] : [])),
];
const textOf = (page: string) => readFileSync(join(ROOT, page), "utf8");

/** Blocks that cannot run as they are. Each must match one of these, so that none is left out by accident. */
const CANNOT_RUN: readonly { readonly why: string; readonly test: RegExp }[] = [
  { why: "installs the package; the demo and the tests are run by .ci/run", test: /^npm ci && npm/m },
  {
    why: "needs a server of the reader's",
    test: /https:\/\/(grafana|graphite|prometheus|victoriametrics)\.example\.com|--job|--source/,
  },
  { why: "needs the reader's own exports", test: /\bexports\// },
];
const whyNot = (block: Block) => CANNOT_RUN.find(({ test }) => test.test(block.content))?.why;

const places: Place[] = [];
const freshPlace = () => {
  const place = openPlace();
  places.push(place);
  return place;
};
afterAll(() => {
  for (const place of places) place.remove();
});

/** Durations and rates differ from run to run; nothing else may. */
const steady = (text: string) => text.replace(/\d+(\.\d+)? m?s\b/g, "_ s").replace(/[\d,]+ (rows|values)\/s/g, "_/s");

describe("every sh block of the pages does what it says, in a folder with data/", () => {
  test.each(PAGES)("%s", { timeout: 600_000 }, async (page) => {
    const place = freshPlace();
    for (const block of blocksOf(textOf(page)).filter(({ kind }) => kind === "sh")) {
      if (whyNot(block) !== undefined) continue;
      const where = `${page}:${block.line}`;
      const script = place.path(".block.sh");
      writeFileSync(script, `set -e\n${block.content}`);
      const run = await place.sh("bash -o pipefail .block.sh 2>&1");
      expect(run.status, `${where}\n${run.stdout}`).toBe(0);
      if (block.next?.kind !== "text") continue;
      const printed = steady(run.stdout).split("\n");
      for (const line of steady(block.next.content).trimEnd().split("\n")) {
        if (line !== "…") expect(printed, where).toContain(line);
      }
    }
  });

  test("what is left out is left out for a reason, and every reason is still needed", () => {
    const blocks = PAGES.flatMap((page) => blocksOf(textOf(page))).filter(({ kind }) => kind === "sh");
    const used = new Set(blocks.map(whyNot));
    expect([...CANNOT_RUN.map(({ why }) => why)].filter((why) => !used.has(why))).toEqual([]);
    expect(blocks.filter((block) => whyNot(block) === undefined).length).toBeGreaterThan(5);
  });
});

describe("what the pages say is in the program", () => {
  const flags = new Set([...ALL_OPTIONS.map(([, { flag }]) => flag), "--help", "--version"]);
  /** Options of other programs that the pages speak of. */
  const FOREIGN = ["--omit"];

  test.each(PAGES)("%s: every option and command is one of ours", (page) => {
    const code = [
      ...inlineCode(textOf(page)).filter((span) => /^(anomaly |--)/.test(span)),
      ...blocksOf(textOf(page)).flatMap(({ kind, content }) => (/^(sh|cron)$/.test(kind) ? [content] : [])),
    ];
    const unknown = code.flatMap((text) =>
      [...text.matchAll(/(?<![\w-])--[a-z][\w-]*/g)].map(([flag]) => flag).filter((flag) => !flags.has(flag)),
    );
    expect(unknown.filter((flag) => !FOREIGN.includes(flag))).toEqual([]);
    const commands = code.flatMap((text) => [...text.matchAll(/\banomaly ([a-z]+)/g)].map(([, name]) => name));
    expect(commands.filter((name) => !(name in COMMANDS) && name !== "help")).toEqual([]);
  });

  test.each(PAGES)("%s: every link leads to a file", (page) => {
    const broken = localLinks(textOf(page)).filter((target) => !existsSync(join(ROOT, dirname(page), target)));
    expect(broken).toEqual([]);
  });

  test("settings files are taken as they are printed, and their settings come from them", async () => {
    const place = freshPlace();
    const settings = PAGES.flatMap((page) => blocksOf(textOf(page)).filter(({ kind }) => kind === "yaml"));
    expect(settings.length).toBeGreaterThan(0);
    for (const { content } of settings) {
      writeFileSync(place.path("anomaly.yaml"), content);
      const shown = await place.sh("anomaly config show --origin");
      expect(shown.status, shown.stderr).toBe(0);
      for (const [name] of content.matchAll(/^[a-z-]+(?=:)/gm)) {
        expect(shown.stdout).toMatch(new RegExp(`^${name} .*anomaly\\.yaml`, "m"));
      }
    }
  });

  test("a record that is printed has fields of real records only, all those that are always there first", async () => {
    const place = freshPlace();
    const run = await place.sh("anomaly train data/fleet/history -q && anomaly infer data/fleet -q -o -");
    const [real] = parseLines<AnomalyRecord>(run.stdout);
    const printed = blocksOf(textOf("README.md")).filter(({ kind }) => kind === "json");
    expect(printed.length).toBeGreaterThan(0);
    for (const { content } of printed) {
      const fields = Object.keys(JSON.parse(content));
      expect(fields.filter((field) => !(field in real))).toEqual([]);
      expect(fields.slice(0, 5)).toEqual(["schema", "machine", "aggregator", "timestamp", "severity"]);
    }
  });
});
