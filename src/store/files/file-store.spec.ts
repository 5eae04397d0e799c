import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { acquireLock } from "../../files/lock.js";
import { describeStore } from "../testing/contract.js";
import { atMinute, testVerdict } from "../testing/rows.js";
import { fileStore } from "./file-store.js";

const home = mkdtempSync(join(tmpdir(), "file-store-"));
afterAll(() => rmSync(home, { recursive: true }));
let places = 0;
const freshFolder = () => join(home, `place ${++places}`);

describeStore("file", async () => {
  const folder = freshFolder();
  return async () => fileStore(folder);
});

describe("the log of the file store", () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = freshFolder();
    path = join(folder, "store.ndjson");
  });
  const give = (id: string, note: (sentence: string) => void = () => {}) =>
    fileStore(folder, { note }).transaction((transaction) => transaction.put("verdicts", testVerdict(id)));

  test("is one line that says what it is, and one line per transaction; reading makes nothing", async () => {
    await fileStore(folder).find("verdicts");
    await fileStore(folder).check();
    expect(() => readdirSync(folder)).toThrow("ENOENT");
    await fileStore(folder).transaction(async (transaction) => {
      await transaction.put("verdicts", testVerdict("v1"));
      await transaction.put("verdicts", testVerdict("v2"));
    });
    await fileStore(folder).transaction(async (transaction) => transaction.remove("verdicts", "v1"));
    await fileStore(folder).transaction(async (transaction) => transaction.find("verdicts"));
    const [first, ...lines] = readFileSync(path, "utf8").split("\n");
    expect(JSON.parse(first)).toMatchObject({ schema: "anomaly-store/1" });
    expect(lines.filter(Boolean).map((line) => JSON.parse(line))).toEqual([
      [
        ["put", "verdicts", testVerdict("v1")],
        ["put", "verdicts", testVerdict("v2")],
      ],
      [["remove", "verdicts", "v1"]],
    ]);
    expect(readdirSync(folder)).toEqual(["store.ndjson"]);
  });

  test("that was torn at any byte loses the last transaction alone, says so, and continues", async () => {
    await give("v1");
    const whole = readFileSync(path);
    await give("v2");
    const both = readFileSync(path);
    for (let length = whole.length; length < both.length; length++) {
      writeFileSync(path, both);
      truncateSync(path, length);
      expect((await fileStore(folder).find("verdicts")).map(({ id }) => id)).toEqual(["v1"]);
      const notes: string[] = [];
      await give("v3", (sentence) => notes.push(sentence));
      expect((await fileStore(folder).find("verdicts")).map(({ id }) => id)).toEqual(["v1", "v3"]);
      expect(notes.join()).toBe(
        length === whole.length
          ? ""
          : `${path} ended in a line that was never finished; its ${length - whole.length} bytes are dropped, nothing that was confirmed is lost`,
      );
    }
  });

  test("that is damaged elsewhere, of a newer version, or something else is refused with file and line", async () => {
    await give("v1");
    const good = readFileSync(path, "utf8");
    appendFileSync(path, '[["put","verd\n[["remove","verdicts","v1"]]\n');
    await expect(fileStore(folder).find("verdicts")).rejects.toThrow(`${path}:3 is damaged`);
    writeFileSync(path, good.replace("anomaly-store/1", "anomaly-store/2"));
    await expect(fileStore(folder).find("verdicts")).rejects.toThrow(
      /was written by a newer version of anomaly \(anomaly-store\/2/,
    );
    for (const other of ["name,value\n1,2\n", "{}\n"]) {
      writeFileSync(path, other);
      await expect(give("v2")).rejects.toThrow(`${path} is not a store of anomaly`);
      expect(readFileSync(path, "utf8")).toBe(other);
    }
  });

  test("is replaced by a shorter one once most of it is about rows that have changed since", async () => {
    const note = "x".repeat(9000);
    const store = fileStore(folder);
    for (let i = 0; i < 150; i++) {
      await store.transaction((transaction) => transaction.put("verdicts", testVerdict(`v${i % 10}`, i, { note })));
    }
    expect(readFileSync(path).length).toBeLessThan(700_000);
    expect((await store.find("verdicts")).map(({ at }) => at)).toEqual(
      Array.from({ length: 10 }, (_, i) => atMinute(140 + i)),
    );
    expect(await fileStore(folder).find("verdicts")).toEqual(await store.find("verdicts"));
  });

  test("says who waits for what when another process writes for longer than is patient, and reads meanwhile", async () => {
    await give("v1");
    const lock = acquireLock(join(folder, ".store.ndjson.lock"));
    const hasty = fileStore(folder, { patienceMs: 20 });
    await expect(hasty.transaction(async () => undefined)).rejects.toThrow(
      `another process has been writing the store for 0.02 s (${lock.path}); wait until it ends`,
    );
    expect(await hasty.find("verdicts")).toHaveLength(1);
    lock.release();
    await hasty.transaction(async () => undefined);
  });
});
