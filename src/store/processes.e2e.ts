import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { enqueue } from "./deliveries.js";
import { openStore } from "./open.js";
import { type PostgresServer, postgresAvailable, startPostgres } from "./testing/postgres-server.js";
import { T0, testDelivery } from "./testing/rows.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
// Inside the project, so that it finds the packages.
const BUNDLE = join(ROOT, "dist/testing/store");
/** Two writers are killed in each; the seed of the moments is the round. */
const ROUNDS = 25;

let home: string;
let server: PostgresServer | undefined;
const children: ChildProcess[] = [];

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "store-processes-"));
  rmSync(BUNDLE, { recursive: true, force: true });
  const rolldown = join(ROOT, "node_modules/.bin/rolldown");
  const writer = join(ROOT, "src/store/testing/writer-process.ts");
  execFileSync(rolldown, [writer, "-d", BUNDLE, "-p", "node", "--external", "zod,pg,libsql"], {
    cwd: ROOT,
    stdio: "pipe",
  });
  if (postgresAvailable()) server = await startPostgres();
});
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await server?.stop();
  rmSync(home, { recursive: true });
});

const PLACES = [
  ["files", () => join(home, "files")],
  ["the embedded database", () => join(home, "store.db")],
  ["PostgreSQL", () => server?.url],
] as const;

const password = () => (server === undefined ? {} : { password: server.password });

/** Starts the writer; `confirmed` grows while it runs, and `ended` comes once all that it said was read. */
function start(place: string, task: "write" | "send", name: string, onLine: (lines: number) => void = () => {}) {
  const child = spawn(process.execPath, [join(BUNDLE, "writer-process.js"), place, task, name], {
    env: { ...process.env, ...(server && { ANOMALY_STORE_PASSWORD: server.password }) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  const confirmed: string[] = [];
  let said = "";
  child.stderr.on("data", (text) => (said += text));
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => {
    confirmed.push(line);
    onLine(confirmed.length);
  });
  const ended = Promise.all([
    new Promise((resolve) => child.once("exit", resolve)),
    new Promise((resolve) => lines.once("close", resolve)),
  ]);
  return { child, confirmed, ended, stderr: () => said };
}

describe.each(PLACES)("two processes on %s", (backend, placeOf) => {
  test("killed at any moment lose nothing that was confirmed, double nothing, and leave no half of a transaction", async (context) => {
    const place = placeOf();
    if (place === undefined) return context.skip("Debian's postgresql is not installed");
    await (await openStore(place, password())).close();
    const confirmed: Record<string, Set<number>> = { a: new Set(), b: new Set() };
    for (let round = 0; round < ROUNDS; round++) {
      const writers = ["a", "b"].map((name) => {
        // The first line may come late on a busy machine; from then on transactions follow one another, and any line is any moment.
        const writer = start(place, "write", name, (lines) => {
          if (lines >= 1 + ((round * 7) % 11)) writer.child.kill("SIGKILL");
        });
        return { name, ...writer };
      });
      for (const { name, ended, confirmed: said, stderr } of writers) {
        await ended;
        expect(stderr()).toBe("");
        for (const n of said) confirmed[name].add(Number(n));
      }
      const store = await openStore(place, password());
      for (const { name } of writers) {
        const rows = await store.find("verdicts", { where: { episode: name } });
        expect(rows.map(({ id }) => id)).toEqual(rows.map((_, n) => `${name}-${n}`));
        expect((await store.get("verdicts", `count-${name}`))?.note).toBe(String(rows.length));
        expect(rows.length).toBeGreaterThan(Math.max(...confirmed[name]));
      }
      expect(await store.check()).toEqual([]);
      await store.close();
    }
    expect(confirmed["a"].size, backend).toBeGreaterThan(ROUNDS);
  });

  test("send every message of the queue, and none of them twice", async (context) => {
    const place = placeOf();
    if (place === undefined) return context.skip("Debian's postgresql is not installed");
    const store = await openStore(place, password());
    const names = Array.from({ length: 120 }, (_, i) => `m${i}`);
    await store.transaction(async (transaction) => {
      for (const id of names) await enqueue(transaction, testDelivery(id), T0);
    });
    const senders = ["x", "y"].map((name) => start(place, "send", name));
    await Promise.all(senders.map(({ ended }) => ended));
    expect(senders.map(({ stderr }) => stderr())).toEqual(["", ""]);
    expect(senders.flatMap(({ confirmed }) => confirmed).sort()).toEqual([...names].sort());
    expect(await store.find("deliveries", { where: { state: "delivered" } })).toHaveLength(names.length);
    await store.close();
  });
});
