import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SourceError } from "../errors/errors.js";
import { createHttp, type Http, type HttpOptions } from "./http.js";
import { parseRetryAfter, retryDelayMs } from "./retry.js";

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

type Answer = (response: ServerResponse) => void;

/** A server on loopback that gives the queued answers one by one, then the last one again and again. */
let server: Server;
let base = "";
let answers: Answer[] = [];
let seen: Seen[] = [];

beforeAll(async () => {
  server = createServer((message, response) => {
    const chunks: Buffer[] = [];
    message.on("data", (chunk: Buffer) => chunks.push(chunk));
    message.on("end", () => {
      const { method = "", url = "", headers } = message;
      seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      (answers.length > 1 ? answers.shift() : answers[0])?.(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const json =
  (status: number, body: string, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
const ok = json(200, '{"a":1}');

/** A client whose clock only moves by its own waiting, and whose waits are kept. */
function client(options: HttpOptions = {}) {
  const slept: number[] = [];
  let nowMs = 0;
  const http = createHttp({
    now: () => nowMs,
    sleep: async (ms) => {
      slept.push(ms);
      nowMs += ms;
    },
    random: () => 1,
    ...options,
  });
  return { http, slept };
}

async function failing(script: Answer[], options: HttpOptions = {}, url = `${base}/render?token=SECRET`) {
  answers = script;
  seen = [];
  const { http, slept } = client(options);
  const error = await http
    .getJson(url, { headers: { authorization: "Bearer SECRET" } })
    .catch((thrown: unknown) => thrown);
  await http.close();
  expect(error).toBeInstanceOf(SourceError);
  const { code, message } = error as SourceError;
  expect(message).not.toMatch(/SECRET|\n/);
  return { code, message, tries: seen.length, slept };
}

describe("what goes wrong becomes one sentence with a code, and no secret in it", () => {
  test.each<[string, Answer, string, RegExp]>([
    ["401", json(401, '{"message":"Invalid API key"}'), "source.unauthorised", /401: .*Invalid API key/],
    ["403", json(403, "{}"), "source.forbidden", /127\.0\.0\.1:\d+\/render answered 403/],
    ["404", json(404, "{}"), "source.not_found", /404/],
    ["500", json(500, "{}"), "source.server_error", /500: the server failed/],
    ["400", json(400, "bad target"), "source.refused", /400: .*\(bad target\)/],
    [
      "a web page",
      (r) => r.writeHead(200, { "content-type": "text/html" }).end("<html>log in"),
      "source.html",
      /web page instead of JSON/,
    ],
    ["cut-off JSON", json(200, '[{"target":"a","datapoi'), "source.cut_off", /cut off/],
    ["text", json(200, "pong"), "source.not_json", /not JSON/],
    ["nothing", json(200, ""), "source.not_json", /not JSON/],
    [
      "a redirect to another host",
      (r) => r.writeHead(302, { location: "https://login.example.com/sso?x=SECRET" }).end(),
      "source.redirect",
      /sends to login\.example\.com\/sso/,
    ],
  ])("%s", async (_, answer, code, message) => {
    const result = await failing([answer]);
    expect(result.code).toBe(code);
    expect(result.message).toMatch(message);
    expect(result.tries).toBe(1);
  });

  test("an answer beyond the size that is taken, announced or not", async () => {
    const large = `"${"x".repeat(5000)}"`;
    expect((await failing([json(200, large)], { maxResponseBytes: 1000 })).code).toBe("source.too_large");
    const chunked: Answer = (r) => {
      r.writeHead(200, { "content-type": "application/json" });
      r.write(large);
      r.end(large);
    };
    expect((await failing([chunked], { maxResponseBytes: 1000 })).code).toBe("source.too_large");
  });

  test("a server that never answers", async () => {
    const { code, message } = await failing([() => {}], { timeoutMs: 50 });
    expect([code, message]).toEqual(["source.timeout", expect.stringContaining("did not answer within 0.05 s")]);
  });

  test("a port at which nothing listens, and a name that does not exist", async () => {
    const refused = await failing([ok], {}, "http://127.0.0.1:1/x");
    expect([refused.code, refused.message]).toEqual([
      "source.unreachable",
      expect.stringContaining("refused the connection"),
    ]);
    expect((await failing([ok], {}, "http://nowhere.invalid/x")).code).toBe("source.unreachable");
  });

  test("https spoken to a server that speaks http", async () => {
    expect((await failing([ok], {}, base.replace("http:", "https:"))).code).toMatch(/source\.(tls|unreachable)/);
  });

  test("an address that is none", async () => {
    expect((await failing([ok], {}, "graphite.example.com/SECRET")).code).toBe("source.address");
    expect((await failing([ok], {}, "ftp://example.com/x")).code).toBe("source.address");
  });
});

describe("retries", () => {
  test.each([429, 502, 503, 504])("%i is tried again, waiting twice as long each time", async (status) => {
    const { tries, slept } = await failing([json(status, "{}")]);
    expect(tries).toBe(4);
    expect(slept).toEqual([500, 1000, 2000]);
  });

  test("a connection that is reset is tried again", async () => {
    const { code, tries } = await failing([(r) => r.socket?.resetAndDestroy()]);
    expect([code, tries]).toEqual(["source.reset", 4]);
  });

  test("the answer after a failure counts", async () => {
    answers = [json(503, "{}"), ok];
    const { http, slept } = client();
    expect(await http.getJson(`${base}/x`)).toEqual({ a: 1 });
    expect(slept).toHaveLength(1);
    await http.close();
  });

  test("Retry-After is waited for", async () => {
    expect((await failing([json(429, "{}", { "retry-after": "7" })])).slept[0]).toBe(7000);
  });

  test("no retry begins after the deadline", async () => {
    const { tries, slept } = await failing([json(503, "{}", { "retry-after": "50" })], { deadlineMs: 120_000 });
    expect([tries, slept]).toEqual([3, [50_000, 50_000]]);
  });

  test("an abort ends the call", async () => {
    answers = [() => {}];
    const { http } = client();
    const controller = new AbortController();
    const call = http.getJson(`${base}/x`, { signal: controller.signal });
    controller.abort();
    await expect(call).rejects.toMatchObject({ code: "source.aborted" });
    await http.close();
  });

  test("the wait is a random part of the doubled base, never less than asked, never above the longest", () => {
    const policy = { retries: 9, baseMs: 100, longestMs: 1000 };
    expect(retryDelayMs(policy, 1, () => 0)).toBe(0);
    expect(retryDelayMs(policy, 3, () => 0.5)).toBe(200);
    expect(retryDelayMs(policy, 9, () => 1)).toBe(1000);
    expect(retryDelayMs(policy, 1, () => 0.5, 5000)).toBe(5000);
  });

  test("Retry-After is read as seconds or as a date", () => {
    expect(parseRetryAfter("120", 0)).toBe(120_000);
    expect(parseRetryAfter("Tue, 01 Jul 2025 00:00:30 GMT", Date.UTC(2025, 6, 1))).toBe(30_000);
    expect(parseRetryAfter("soon", 0)).toBe(0);
    expect(parseRetryAfter(undefined, 0)).toBe(0);
  });
});

describe("requests", () => {
  async function sent(call: (http: Http) => Promise<unknown>): Promise<Seen> {
    answers = [ok];
    seen = [];
    const { http } = client({ userAgent: "anomaly/1" });
    expect(await call(http)).toEqual({ a: 1 });
    await http.close();
    return seen[0];
  }

  test("a form is encoded, names may repeat", async () => {
    const form = [
      ["target", "a.*&b"],
      ["target", "sumSeries(x,y)"],
    ] as const;
    const request = await sent((http) => http.postForm(`${base}/render`, form, { headers: { "x-org": "1" } }));
    expect([...new URLSearchParams(request.body)]).toEqual(form);
    expect(request).toMatchObject({
      method: "POST",
      url: "/render",
      headers: { "x-org": "1", "user-agent": "anomaly/1", "content-type": "application/x-www-form-urlencoded" },
    });
  });

  test("JSON is posted as such", async () => {
    const request = await sent((http) => http.postJson(`${base}/q`, { b: [1] }));
    expect([request.body, request.headers["content-type"]]).toEqual(['{"b":[1]}', "application/json"]);
  });

  test("a user in the address is sent as a header", async () => {
    const request = await sent((http) => http.getJson(base.replace("http://", "http://joe:p%40ss@")));
    expect(request.headers.authorization).toBe(`Basic ${Buffer.from("joe:p@ss").toString("base64")}`);
  });
});
