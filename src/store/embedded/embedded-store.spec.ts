import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { afterAll, describe, expect, test } from "vitest";
import { LockedError } from "../../errors/errors.js";
import { MIGRATIONS } from "../sql/migrations.js";
import { describeStore } from "../testing/contract.js";
import { testVerdict } from "../testing/rows.js";
import { embeddedStore } from "./embedded-store.js";

const home = mkdtempSync(join(tmpdir(), "embedded-store-"));
afterAll(() => rmSync(home, { recursive: true }));
let places = 0;
const freshPath = () => join(home, `place ${++places}`, "store.db");

describeStore("embedded", async () => {
  const path = freshPath();
  return async () => embeddedStore(path);
});

describe("the embedded database", () => {
  test("is migrated forward, with a copy as it was before; an older version refuses it then", async () => {
    const path = freshPath();
    const first = embeddedStore(path);
    await first.transaction((transaction) => transaction.put("verdicts", testVerdict("v1")));
    await first.close();
    const migrations = [...MIGRATIONS, () => ["ALTER TABLE verdicts ADD COLUMN c_new TEXT"]];
    const second = embeddedStore(path, { migrations });
    expect(await second.find("verdicts")).toEqual([testVerdict("v1")]);
    await second.close();
    expect(() => embeddedStore(path)).toThrow(
      `${path} was written by a newer version of anomaly (schema 2, this one knows up to 1); use that version, or give --store another place`,
    );
    const copy = embeddedStore(`${path}.v1.bak`);
    expect(await copy.find("verdicts")).toEqual([testVerdict("v1")]);
    await copy.close();
  });

  test("stays as it was when a migration fails", async () => {
    const path = freshPath();
    await embeddedStore(path).close();
    const broken = [...MIGRATIONS, () => ["ALTER TABLE verdicts ADD COLUMN c_new TEXT", "no SQL"]];
    expect(() => embeddedStore(path, { migrations: broken })).toThrow(`cannot open the store ${path}: `);
    const again = embeddedStore(path);
    expect(await again.check()).toEqual([]);
    await again.close();
  });

  test("of another program, and a file that is none, are refused and left alone", () => {
    const path = join(home, "other.db");
    const other = new Database(path);
    other.exec("CREATE TABLE theirs (a)");
    other.close();
    expect(() => embeddedStore(path)).toThrow(`${path} is a database of another program; give --store another place`);
    const text = join(home, "text.db");
    writeFileSync(
      text,
      "not a database at all, but long enough to be read as a header of one, which has 100 bytes\n".repeat(3),
    );
    expect(() => embeddedStore(text)).toThrow(`cannot open the store ${text}: `);
  });

  test("says who waits for what when another process writes for longer than is patient, without holding up the event loop", async () => {
    const path = freshPath();
    const store = embeddedStore(path, { patienceMs: 100 });
    const other = new Database(path);
    other.exec("BEGIN IMMEDIATE");
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const write = store.transaction((transaction) => transaction.put("verdicts", testVerdict("v1")));
    await expect(write).rejects.toThrow(LockedError);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
    other.exec("COMMIT");
    await store.transaction((transaction) => transaction.put("verdicts", testVerdict("v1")));
    expect(await store.find("verdicts")).toHaveLength(1);
    other.close();
    await store.close();
    expect(readdirSync(join(path, "..")).filter((name) => name.endsWith(".bak"))).toEqual([]);
  });
});
