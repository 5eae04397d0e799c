import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import Database from "libsql";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureBuilt } from "../../cli/testing/built.js";
import { describeStore } from "../testing/contract.js";
import { testVerdict } from "../testing/rows.js";
import { threadedStore } from "./threaded-store.js";

/** A thread runs what was built. */
const SCRIPT = new URL("../../../dist/store/embedded/store-worker.js", import.meta.url);
const home = mkdtempSync(join(tmpdir(), "threaded-store-"));
let places = 0;
const freshPath = () => join(home, `place ${++places}`, "store.db");
const open = (path: string, onDeath: (reason: string) => void = () => {}) => threadedStore(path, onDeath, SCRIPT);

beforeAll(ensureBuilt);
afterAll(() => rmSync(home, { recursive: true }));

describeStore("embedded, in a thread of its own,", async () => {
  const path = freshPath();
  return () => open(path);
});

test("what is no database is refused when it is opened, as without a thread", async () => {
  const path = join(home, "text.db");
  writeFileSync(path, "not a database at all, but long enough to be read as a header of one\n".repeat(3));
  await expect(open(path)).rejects.toMatchObject({
    message: expect.stringMatching(/^cannot open the store .*text\.db: /),
    exitCode: 1,
  });
});

test("while another process writes, this one's event loop turns, and the row is written once it has ended", async () => {
  const path = freshPath();
  const store = await open(path);
  const other = new Database(path);
  other.exec("BEGIN IMMEDIATE");
  const write = store.transaction((transaction) => transaction.put("verdicts", testVerdict("v1")));
  let turns = 0;
  const timer = setInterval(() => {
    if (++turns === 20) other.exec("COMMIT");
  }, 1);
  await write;
  clearInterval(timer);
  expect(turns).toBeGreaterThanOrEqual(20);
  expect(await store.find("verdicts")).toHaveLength(1);
  other.close();
  await store.close();
});

test("a transaction that is undone leaves nothing and holds up none after it", async () => {
  const store = await open(freshPath());
  const undone = store.transaction(async (transaction) => {
    await transaction.put("verdicts", testVerdict("v1"));
    throw new Error("no");
  });
  await expect(undone).rejects.toThrow("no");
  await store.transaction((transaction) => transaction.put("verdicts", testVerdict("v2")));
  expect((await store.find("verdicts")).map(({ id }) => id)).toEqual(["v2"]);
  await store.close();
});

test("a thread that dies within a transaction fails it, and the next transaction finds nothing of it", async () => {
  const path = freshPath();
  const fuse = join(home, "fuse");
  const faulty = join(home, "faulty.mjs");
  writeFileSync(
    faulty,
    `import { existsSync, rmSync } from "node:fs";
import { parentPort } from "node:worker_threads";
await import(${JSON.stringify(SCRIPT.href)});
parentPort.on("message", ({ body }) => {
  if (body.kind !== "put" || !existsSync(${JSON.stringify(fuse)})) return;
  rmSync(${JSON.stringify(fuse)});
  process.exit(1);
});
`,
  );
  const deaths: string[] = [];
  const store = await threadedStore(path, (reason) => deaths.push(reason), pathToFileURL(faulty));
  const add = (id: string) => store.transaction((transaction) => transaction.put("verdicts", testVerdict(id)));
  await add("v1");
  writeFileSync(fuse, "");
  await expect(add("v2")).rejects.toThrow("the thread ended before its work was done");
  expect(deaths).toHaveLength(1);
  await add("v3");
  expect((await store.find("verdicts")).map(({ id }) => id)).toEqual(["v1", "v3"]);
  expect(await store.check()).toEqual([]);
  await store.close();
});
