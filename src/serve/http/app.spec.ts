import { describe, expect, test } from "vitest";
import { openApp } from "./app.js";
import { hashPassword, parseCredentials } from "./credentials.js";

const READ = "r".repeat(20);
const WRITE = "w".repeat(20);

async function app(more: { withCredentials?: boolean; nowMs?: () => number; mostRequests?: number } = {}) {
  const text = `token read ${READ}\ntoken write ${WRITE}\nuser read ann ${await hashPassword("pw")}`;
  const failures: string[] = [];
  const opened = openApp({
    credentials: more.withCredentials === false ? null : parseCredentials(text, "c"),
    hostNames: ["anomaly.example.com"],
    mostRequests: more.mostRequests ?? 10,
    nowMs: more.nowMs ?? (() => 0),
    tls: null,
    onRequest: () => {},
    onFailure: (message) => failures.push(message),
  });
  opened.get("/x", async () => ({ ok: true }));
  opened.post("/x", async () => ({ ok: true }));
  opened.post("/query", { config: { reads: true } }, async () => ({ ok: true }));
  opened.get("/healthz", async () => ({ ok: true }));
  opened.get("/broken", async () => {
    throw new Error("the inside of the program");
  });
  let release = () => {};
  opened.get("/slow", () => new Promise((done) => (release = () => done({ ok: true }))));
  const ask = async (
    url: string,
    headers: Record<string, string> = {},
    method: "GET" | "POST" = "GET",
    payload = "",
  ) => {
    const {
      statusCode,
      json,
      headers: answered,
    } = await opened.inject({
      method,
      url,
      headers: { host: "localhost:9977", ...headers },
      ...(payload !== "" && { payload }),
    });
    return { status: statusCode, body: json(), headers: answered };
  };
  return { ask, failures, release: () => release() };
}
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe("the guard", () => {
  test("lets the right token or user in, and says what is needed to all others", async () => {
    const { ask } = await app();
    const basic = `Basic ${Buffer.from("ann:pw").toString("base64")}`;
    for (const headers of [bearer(READ), bearer(WRITE), { authorization: basic }]) {
      expect(await ask("/x", headers)).toMatchObject({ status: 200 });
    }
    const refused = await ask("/x");
    expect(refused).toMatchObject({
      status: 401,
      body: { status: "error", errorType: "unauthorized", error: expect.stringMatching(/needs a bearer token/) },
      headers: { "www-authenticate": expect.stringMatching(/Bearer/) },
    });
  });

  test("lets a reading token query by POST, and change nothing", async () => {
    const { ask } = await app();
    expect(await ask("/query", bearer(READ), "POST")).toMatchObject({ status: 200 });
    expect(await ask("/x", bearer(READ), "POST")).toMatchObject({ status: 403, body: { errorType: "forbidden" } });
    expect(await ask("/x", bearer(WRITE), "POST")).toMatchObject({ status: 200 });
  });

  test("after ten failures within a minute looks at no more of them, even at the right one", async () => {
    let nowMs = 0;
    const { ask } = await app({ nowMs: () => nowMs });
    for (let i = 0; i < 10; i++) expect((await ask("/x", bearer("wrong"))).status).toBe(401);
    expect(await ask("/x", bearer(READ))).toMatchObject({ status: 429, headers: { "retry-after": "60" } });
    nowMs = 60_000;
    expect((await ask("/x", bearer(READ))).status).toBe(200);
  });

  test("answers only to names that are its own", async () => {
    const { ask } = await app({ withCredentials: false });
    for (const host of ["127.0.0.1:9977", "[::1]:9977", "10.0.0.9", "LOCALHOST", "anomaly.example.com:443"]) {
      expect((await ask("/x", { host })).status, host).toBe(200);
    }
    for (const host of ["evil.example.com", "localhost.evil.example.com", "127.0.0.1.evil.example.com"]) {
      expect((await ask("/x", { host })).status, host).toBe(421);
    }
  });

  test("answers health to everyone, and nothing about the inside of a failure", async () => {
    const { ask, failures } = await app();
    expect((await ask("/healthz")).status).toBe(200);
    const { status, body } = await ask("/broken", bearer(READ));
    expect([status, body.error]).toEqual([500, "the server failed; its log says why"]);
    expect(failures.join()).toMatch(/the inside of the program/);
  });

  test("refuses more requests at once than it may hold, and recovers", async () => {
    const { ask, release } = await app({ withCredentials: false, mostRequests: 1 });
    const slow = ask("/slow");
    await new Promise((turn) => setImmediate(turn));
    expect(await ask("/x")).toMatchObject({ status: 429, headers: { "retry-after": "1" } });
    release();
    expect((await slow).status).toBe(200);
    expect((await ask("/x")).status).toBe(200);
  });

  test("refuses a body of more than 256 kB, and names what is not there", async () => {
    const { ask } = await app({ withCredentials: false });
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const query = (bytes: number) => ask("/query", form, "POST", `query=${"x".repeat(bytes)}`);
    expect(await query(250_000)).toMatchObject({ status: 200 });
    expect(await query(300_000)).toMatchObject({ status: 413, body: { errorType: "too_large" } });
    expect(await ask("/nope")).toMatchObject({
      status: 404,
      body: { errorType: "not_found", error: expect.stringMatching(/there is no GET \/nope/) },
    });
  });
});
