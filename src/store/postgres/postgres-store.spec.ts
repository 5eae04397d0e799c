import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LockedError, OutputError } from "../../errors/errors.js";
import { MIGRATIONS } from "../sql/migrations.js";
import { describeStore } from "../testing/contract.js";
import { type PostgresServer, postgresAvailable, startPostgres } from "../testing/postgres-server.js";
import { testVerdict } from "../testing/rows.js";
import { parseAddress } from "./address.js";
import { postgresStore } from "./postgres-store.js";

describe.skipIf(!postgresAvailable())("PostgreSQL (skipped where Debian's postgresql is not installed)", () => {
  let server: PostgresServer;
  let schemas = 0;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());
  const freshAddress = () => parseAddress(`${server.url}?schema=test_${++schemas}`);
  const open = (address = freshAddress(), options = {}) =>
    postgresStore(address, { password: server.password, ...options });

  describeStore("PostgreSQL", async () => {
    const address = freshAddress();
    return () => open(address);
  });

  test("several that start together migrate once, and an older version refuses what a newer one has made", async () => {
    const address = freshAddress();
    const stores = await Promise.all([open(address), open(address), open(address)]);
    await stores[0].transaction((transaction) => transaction.put("verdicts", testVerdict("v1")));
    const newer = await open(address, {
      migrations: [...MIGRATIONS, () => ["ALTER TABLE verdicts ADD COLUMN c_new TEXT"]],
    });
    expect(await newer.find("verdicts")).toEqual([testVerdict("v1")]);
    await expect(open(address)).rejects.toThrow(
      /was written by a newer version of anomaly \(schema 2, this one knows up to 1\)/,
    );
    for (const store of [...stores, newer]) await store.close();
  });

  test("a migration that fails leaves nothing", async () => {
    const address = freshAddress();
    await expect(open(address, { migrations: [...MIGRATIONS, () => ["no SQL"]] })).rejects.toThrow(OutputError);
    const store = await open(address);
    expect(await store.check()).toEqual([]);
    await store.close();
  });

  test("a wrong password is refused in words without it, and so is a port where nobody answers", async () => {
    const address = freshAddress();
    const failure = await postgresStore(address, { password: "wrong-secret" }).catch((thrown) => thrown);
    expect(failure).toBeInstanceOf(OutputError);
    expect(failure.message).toContain("check ANOMALY_STORE_PASSWORD");
    expect(JSON.stringify([failure.message, failure.stack, String(failure.cause)])).not.toContain("wrong-secret");
    await expect(open({ ...address, port: 1 })).rejects.toThrow(/nobody answers \(ECONNREFUSED\)/);
    await expect(open({ ...address, tls: "require" })).rejects.toThrow(/the server offers no TLS/);
  });

  test("a server that restarts is found again", async () => {
    const store = await open();
    await store.transaction((transaction) => transaction.put("verdicts", testVerdict("v1")));
    await server.restart();
    await store.find("verdicts").catch(() => undefined);
    expect(await store.find("verdicts")).toEqual([testVerdict("v1")]);
    await store.close();
  });

  test("a writer waits for another one, and not for ever", async () => {
    const address = freshAddress();
    const [slow, hasty] = [await open(address), await open(address, { patienceMs: 50 })];
    await slow.transaction(async () => {
      await expect(hasty.transaction(async () => undefined)).rejects.toThrow(LockedError);
      expect(await hasty.find("verdicts")).toEqual([]);
    });
    await hasty.transaction(async () => undefined);
    for (const store of [slow, hasty]) await store.close();
  });
});
