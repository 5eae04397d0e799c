import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hydratedOf, withHistory } from "../../plot/testing/hydrated-record.js";
import { ensureBuilt, freshFolder } from "../testing/built.js";

const place = freshFolder({ data: false });
beforeAll(() => {
  ensureBuilt();
  const records = Array.from({ length: 6 }, (_, i) =>
    withHistory(hydratedOf({ id: `id-${i}`, machine: `m${i}`, labels: { machine: `m${i}`, aggregator: "a" } })),
  );
  writeFileSync(join(place.folder, "records.ndjson"), records.map((record) => JSON.stringify(record)).join("\n"));
});
afterAll(() => rmSync(place.folder, { recursive: true }));

const plot = (...words: string[]) =>
  spawnSync("anomaly", ["plot", "records.ndjson", ...words], {
    cwd: place.folder,
    env: { PATH: place.path, HOME: place.folder },
    encoding: "utf8",
  });
const picturesIn = (folder: string) =>
  readdirSync(join(place.folder, folder))
    .filter((name) => name.endsWith(".png"))
    .sort()
    .map((name) => [name, readFileSync(join(place.folder, folder, name)).toString("base64")]);

test("the pictures are the same with one thread and with three, and are listed in the same order", () => {
  const [one, three] = [plot("-o", "one", "--threads", "1"), plot("-o", "three", "--threads", "3")];
  expect([one.status, three.status], one.stderr + three.stderr).toEqual([0, 0]);
  expect(picturesIn("one")).toHaveLength(7);
  expect(picturesIn("three")).toEqual(picturesIn("one"));
  expect(three.stdout.replaceAll("three/", "one/")).toBe(one.stdout);
});

test("a second run draws nothing again, says so, and lists every picture all the same", () => {
  mkdirSync(join(place.folder, "twice"), { recursive: true });
  const first = plot("-o", "twice");
  const timesOf = () =>
    readdirSync(join(place.folder, "twice")).map((name) => statSync(join(place.folder, "twice", name)).mtimeMs);
  const before = timesOf();
  const second = plot("-o", "twice");
  expect(second.stdout).toBe(first.stdout);
  expect(second.stderr).toContain("7 of them there already");
  expect(timesOf()).toEqual(before);
  expect(plot("-o", "twice", "--redraw").stderr).not.toContain("already");
});

test("a folder that cannot be written ends in a sentence, also with threads", () => {
  execFileSync("touch", [join(place.folder, "file")]);
  const run = plot("-o", "file/x", "--threads", "2");
  expect(run.status).toBe(1);
  expect(run.stderr).toMatch(/^error: .*file/);
  expect(run.stderr).not.toContain(" at ");
});
