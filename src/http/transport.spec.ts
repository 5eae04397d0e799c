/* Longer than most: one loopback server with its own authority serves every promise of the transport. */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { SourceError } from "../errors/errors.js";
import { createHttp, type Http, type HttpOptions } from "./http.js";

const open: { close(): unknown; closeAllConnections?(): void }[] = [];
const clients: Http[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((http) => http.close()));
  for (const server of open.splice(0)) {
    server.closeAllConnections?.();
    server.close();
  }
});

async function listen(server: Server, scheme = "http"): Promise<string> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const serve = (listener: RequestListener) => listen(createServer(listener));
function client(options: HttpOptions = {}): Http {
  const http = createHttp({ retry: { retries: 0 }, ...options });
  clients.push(http);
  return http;
}
const failure = async (call: Promise<unknown>) => {
  const error = await call.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(SourceError);
  return error as SourceError;
};

describe("compressed answers", () => {
  const plain = JSON.stringify({ values: Array(1000).fill(7) });
  const json = { "content-type": "application/json" };

  test.each([
    ["gzip", gzipSync(plain)],
    ["deflate", deflateSync(plain)],
    ["br", brotliCompressSync(plain)],
  ])("%s is requested and read", async (encoding, bytes) => {
    let asked = "";
    const url = await serve((message, response) => {
      asked = String(message.headers["accept-encoding"]);
      response.writeHead(200, { ...json, "content-encoding": encoding }).end(bytes);
    });
    expect(await client().getJson(url)).toEqual(JSON.parse(plain));
    expect(asked).toContain(encoding);
  });

  test("an answer that unfolds beyond the cap is refused", async () => {
    const bomb = gzipSync(`"${"x".repeat(5_000_000)}"`);
    const url = await serve((_, response) =>
      response.writeHead(200, { ...json, "content-encoding": "gzip" }).end(bomb),
    );
    expect(bomb.length).toBeLessThan(10_000);
    expect((await failure(client({ maxResponseBytes: 100_000 }).getJson(url))).code).toBe("source.too_large");
  });

  test("damaged and cut-off compression is a failure of that answer", async () => {
    const whole = gzipSync(plain);
    for (const bytes of [whole.subarray(0, whole.length - 12), Buffer.concat([whole.subarray(0, 20), whole])]) {
      const url = await serve((_, response) =>
        response.writeHead(200, { ...json, "content-encoding": "gzip" }).end(bytes),
      );
      expect((await failure(client().getJson(url))).code).toBe("source.cut_off");
    }
  });
});

describe("what is taken in is limited", () => {
  const json = { "content-type": "application/json" };

  test("of an answer without an end no more than the limit", async () => {
    let sent = 0;
    const url = await serve((_, response) => {
      response.writeHead(200, json);
      const more = () => {
        for (let flowing = true; flowing && !response.destroyed; ) {
          sent += 65_536;
          flowing = response.write(" ".repeat(65_536));
        }
      };
      response.on("drain", more);
      more();
    });
    const error = await failure(client({ maxResponseBytes: 1_000_000 }).getJson(url));
    expect([error.code, error.message]).toEqual(["source.too_large", expect.stringMatching(/1 MB .*--max-reply/)]);
    // What was under way in sockets and their buffers comes on top.
    expect(sent).toBeLessThan(20_000_000);
  });

  test("of a run no more than its limit, over all answers, unpacked", async () => {
    let asked = 0;
    const url = await serve((_, response) => {
      asked++;
      response.writeHead(200, { ...json, "content-encoding": "gzip" }).end(gzipSync(`"${"x".repeat(400_000)}"`));
    });
    const http = client({ maxRunBytes: 1_000_000 });
    await http.getJson(url);
    await http.getJson(url);
    const error = await failure(http.getJson(url));
    expect([error.code, error.message]).toEqual(["source.download", expect.stringMatching(/1 MB.*--max-download/)]);
    expect(asked).toBe(3);
  });
});

describe("what was sent to say who asks", () => {
  const TOKEN = "glsa_reflected_secret";

  test.each<[string, number, string]>([
    ["an error's words", 400, `{"message":"bad header Bearer ${TOKEN}"}`],
    ["an error's plain words", 500, `bad header ${TOKEN} \u001b[31m\u202e`],
    ["a series' name", 200, `[{"target":"a.${TOKEN}.b","tags":{"token":"${TOKEN.replace("g", "\\u0067")}"}}]`],
  ])("is in %s no more", async (_, status, body) => {
    const url = await serve((_message, response) =>
      response.writeHead(status, { "content-type": "application/json" }).end(body),
    );
    const headers = { authorization: `Bearer ${TOKEN}` };
    const text = await client()
      .getJson(url, { headers })
      .then(
        (value) => JSON.stringify(value),
        (error: Error) => error.message,
      );
    expect(text).toContain("[redacted]");
    expect(text).not.toContain(TOKEN);
    expect(text).not.toMatch(/[\u0000-\u001f\u202e]/);
  });

  test("is not where a redirect leads", async () => {
    const url = await serve((_, response) =>
      response.writeHead(302, { location: `http://elsewhere.invalid/${TOKEN}` }).end(),
    );
    const error = await failure(client().postJson(url, {}, { headers: { authorization: `Bearer ${TOKEN}` } }));
    expect(error.message).toContain("elsewhere.invalid/[redacted]");
  });
});

describe("redirects", () => {
  test("within the same origin they are followed, with the form and the credentials", async () => {
    const seen: IncomingMessage[] = [];
    const url = await serve((message, response) => {
      seen.push(message);
      if (message.url === "/render") response.writeHead(308, { location: "/graphite/render" }).end("moved");
      else message.pipe(response.writeHead(200, { "content-type": "application/json" }));
    });
    const headers = { authorization: "Bearer t", "content-type": "application/json" };
    expect(await client().postJson(`${url}/render`, { a: 1 }, { headers })).toEqual({ a: 1 });
    expect(seen.map((message) => [message.method, message.url, message.headers.authorization])).toEqual([
      ["POST", "/render", "Bearer t"],
      ["POST", "/graphite/render", "Bearer t"],
    ]);
  });

  test("to another host or port they are refused, and nothing is asked there", async () => {
    let asked = 0;
    const other = await serve((_, response) => {
      asked++;
      response.end("{}");
    });
    const url = await serve((_, response) => response.writeHead(307, { location: `${other}/render` }).end());
    const error = await failure(client().postJson(url, {}, { headers: { authorization: "Bearer SECRET" } }));
    expect([error.code, asked]).toEqual(["source.redirect", 0]);
  });

  test("in a circle they end", async () => {
    let asked = 0;
    const url = await serve((_, response) => {
      asked++;
      response.writeHead(307, { location: "/again" }).end();
    });
    expect((await failure(client().getJson(url))).code).toBe("source.redirect");
    expect(asked).toBe(4);
  });
});

describe("deadlines", () => {
  test("the run's deadline ends what is under way, and nothing is asked after it", async () => {
    let asked = 0;
    const url = await serve(() => {
      asked++;
    });
    // Long enough for both requests to be sent.
    const http = client({ runDeadlineMs: 2500 });
    const errors = await Promise.all([failure(http.getJson(url)), failure(http.getJson(url))]);
    expect(errors.map(({ code }) => code)).toEqual(["source.deadline", "source.deadline"]);
    expect(errors[0].message).toMatch(/deadline of 2\.5 s is over/);
    expect((await failure(http.getJson(url))).code).toBe("source.deadline");
    expect(asked).toBe(2);
  });

  test("no retry begins that the run's deadline would end", async () => {
    let asked = 0;
    const url = await serve((_, response) => {
      asked++;
      response.writeHead(503, { "retry-after": "60" }).end();
    });
    expect((await failure(client({ runDeadlineMs: 30_000, retry: { retries: 3 } }).getJson(url))).code).toBe(
      "source.unavailable",
    );
    expect(asked).toBe(1);
  });

  test("a server that drips byte by byte is given up when the time for one try is over", async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const drip = setInterval(() => response.write(" "), 10);
      response.on("close", () => clearInterval(drip));
    });
    expect((await failure(client({ timeoutMs: 150 }).getJson(url))).code).toBe("source.timeout");
  });

  test("closing the client ends a wait between two tries", async () => {
    const url = await serve((_, response) => response.writeHead(503, { "retry-after": "100" }).end());
    const http = client({
      retry: { retries: 3 },
      sleep: (_, signal) => {
        const waiting = new Promise((resolve) => signal.addEventListener("abort", resolve));
        void http.close();
        return waiting;
      },
    });
    expect((await failure(http.getJson(url))).code).toBe("source.aborted");
  });
});

test("connections are used again: twenty requests one after the other need one or two", async () => {
  let connections = 0;
  const server = createServer((_, response) => response.writeHead(200).end("1"));
  server.on("connection", () => connections++);
  const url = await listen(server);
  const http = client();
  for (let i = 0; i < 20; i++) await http.getJson(url);
  // A request that begins in the very moment in which an answer ends may find its connection still busy.
  expect(connections).toBeLessThanOrEqual(2);
});

/** In a process of its own, so that it sends while this one is busy: answers everything with 12 MB, gzipped, and closes. */
const CLOSING_SERVER = `
  const body = require("node:zlib").gzipSync("[" + Array.from({ length: 1500000 }, (_, i) => (i * 7919) % 99991).join() + "]");
  const head = "HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nContent-Encoding: gzip\\r\\nConnection: close\\r\\nContent-Length: ";
  const server = require("node:net").createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => { socket.write(head + body.length + "\\r\\n\\r\\n"); socket.end(body); });
  });
  server.listen(0, "127.0.0.1", () => console.log(server.address().port));
`;

test("large answers of a server that closes after each come whole, however slowly they are taken", async () => {
  const child = spawn(process.execPath, ["-e", CLOSING_SERVER], { stdio: ["ignore", "pipe", "ignore"] });
  open.push({ close: () => child.kill() });
  const port = await new Promise((resolve) => child.stdout.once("data", (text) => resolve(String(text).trim())));
  const http = client({ timeoutMs: 240_000 });
  const answers = await Promise.all(Array.from({ length: 6 }, () => http.getJson(`http://127.0.0.1:${port}`)));
  for (const answer of answers) expect(answer).toHaveLength(1_500_000);
});

test("less than was announced is a reset, and something that is no HTTP a failure", async () => {
  const speak = async (text: string) => {
    const server = createTcpServer((socket) => socket.end(text));
    open.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return failure(client().getJson(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  };
  const short = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n[1";
  expect((await speak(short)).code).toBe("source.reset");
  expect((await speak("220 mail ready\r\n")).code).toMatch(/^source\./);
});

// The certificates are made here, by openssl; skipped where it is not installed.
describe.skipIf(!existsSync("/usr/bin/openssl"))("TLS with an authority and a client certificate of one's own", () => {
  let folder: string;
  let url: string;
  let server: Server;
  const file = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync("/usr/bin/openssl", args, { cwd: folder, stdio: "pipe" });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "anomaly-tls-"));
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=own authority");
    for (const name of ["server", "client"]) {
      writeFileSync(file(`${name}.ext`), "subjectAltName=IP:127.0.0.1,DNS:localhost\n");
      openssl("req", ...key, "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", `/CN=${name}`);
      openssl(
        ...["x509", "-req", "-in", `${name}.csr`, "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"],
        ...["-days", "2", "-out", `${name}.pem`, "-extfile", `${name}.ext`],
      );
    }
    const read = (name: string) => execFileSync("cat", [file(name)]);
    server = createTlsServer(
      {
        key: read("server.key"),
        cert: read("server.pem"),
        ca: read("ca.pem"),
        requestCert: true,
        rejectUnauthorized: false,
      },
      (message, response) => {
        const { authorized } = message.socket as unknown as { readonly authorized: boolean };
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ known: authorized }));
      },
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  test("an authority that nobody named is refused, with the way out", async () => {
    const error = await failure(client().getJson(url));
    expect([error.code, error.message]).toEqual(["source.tls", expect.stringContaining("--ca-file")]);
  });

  test("with its file it is trusted, and the client certificate shows who asks", async () => {
    const caFile = file("ca.pem");
    expect(await client({ tls: { caFile } }).getJson(url)).toEqual({ known: false });
    const tls = { caFile, certFile: file("client.pem"), keyFile: file("client.key") };
    expect(await client({ tls }).getJson(url)).toEqual({ known: true });
  });

  test("insecure takes any certificate", async () => {
    expect(await client({ tls: { insecure: true } }).getJson(url)).toEqual({ known: false });
  });

  test("a file that is none, and half of a pair, are refused by name", () => {
    writeFileSync(file("empty.pem"), "");
    expect(() => createHttp({ tls: { caFile: file("nowhere.pem") } })).toThrow(/nowhere\.pem cannot be read/);
    expect(() => createHttp({ tls: { caFile: file("empty.pem") } })).toThrow(/empty\.pem holds no CERTIFICATE/);
    expect(() => createHttp({ tls: { certFile: file("client.pem") } })).toThrow(
      /--cert-file is given without --key-file/,
    );
  });
});
