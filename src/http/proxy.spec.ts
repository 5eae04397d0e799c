import { createServer } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { SourceError } from "../errors/errors.js";
import { createHttp, type HttpOptions } from "./http.js";

const NAMES = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"];

/** A client that takes its proxy from the environment, as it is while the client is made. */
function clientBehind(proxy: string, options: HttpOptions = {}) {
  const before = NAMES.map((name) => [name, process.env[name]] as const);
  for (const name of NAMES) delete process.env[name];
  process.env["HTTP_PROXY"] = proxy;
  try {
    return createHttp(options);
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

test("requests go through the proxy that the environment names", async () => {
  const asked: string[] = [];
  const proxy = createServer((message, response) => {
    asked.push(message.url ?? "");
    response.writeHead(200, { "content-type": "application/json" }).end('"by request"');
  });
  // undici opens a tunnel; the proxy plays the server at its other end.
  proxy.on("connect", (message, socket: Socket) => {
    asked.push(message.url ?? "");
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    socket.once("data", () =>
      socket.end('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 11\r\n\r\n"by tunnel"'),
    );
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const http = clientBehind(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
  expect(await http.getJson("http://graphite.invalid/render")).toMatch(/^by /);
  expect(asked.join()).toContain("graphite.invalid");
  await http.close();
  proxy.closeAllConnections();
  proxy.close();
});

describe("a proxy that opens no tunnel", () => {
  const open: { close(): unknown }[] = [];
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });

  /** Counts the connections that it gets. */
  async function broken(behave: (socket: Socket) => void) {
    let connections = 0;
    const sockets = new Set<Socket>();
    const server: Server = createTcpServer((socket) => {
      connections++;
      sockets.add(socket);
      socket.on("error", () => {});
      behave(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    open.push({
      close: () => {
        for (const socket of sockets) socket.destroy();
        server.close();
      },
    });
    const place = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { place, connections: () => connections };
  }
  const failing = (http: ReturnType<typeof createHttp>) =>
    http.postForm("http://graphite.invalid:8080/render", [["target", "a"]]).then(
      () => undefined,
      (error: SourceError) => error,
    );
  const soon = { retry: { retries: 2, baseMs: 1, longestMs: 2 } };

  test.each<[string, (socket: Socket) => void]>([
    ["closes at once", (socket) => socket.destroy()],
    ["closes after CONNECT", (socket) => socket.once("data", () => socket.destroy())],
    ["ends after CONNECT", (socket) => socket.once("data", () => socket.end())],
    ["answers half a line", (socket) => socket.once("data", () => socket.end("HTTP/1.1 200"))],
  ])("%s: as many connections as tries, and the failure is the proxy's", async (_, behave) => {
    const { place, connections } = await broken(behave);
    const http = clientBehind(`http://user:s3cret-of-proxy@${place}`, soon);
    const error = await failing(http);
    expect(error?.code).toMatch(/^source\.proxy/);
    expect(error?.message).toContain(`the proxy ${place}`);
    expect(error?.message).toContain("graphite.invalid:8080");
    expect(error?.message).not.toContain("s3cret");
    await http.close();
    expect(connections()).toBeLessThanOrEqual(3);
    const after = connections();
    await new Promise((resolve) => setImmediate(resolve));
    expect(connections()).toBe(after);
  });

  test.each<[number, string, RegExp, number]>([
    [407, "source.proxy", /wants a user and a password/, 1],
    [403, "source.proxy", /does not allow connections there/, 1],
    [503, "source.proxy_unavailable", /cannot reach it/, 3],
  ])("answers %i: said so, and tried again only where that may help", async (status, code, words, tries) => {
    const { connections, place } = await broken((socket) =>
      socket.once("data", () => socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`)),
    );
    const http = clientBehind(`http://${place}`, soon);
    const error = await failing(http);
    expect([error?.code, error?.message]).toEqual([code, expect.stringMatching(words)]);
    await http.close();
    expect(connections()).toBe(tries);
  });

  test("is silent: given up after the time for one try, by name; and a run's deadline and Ctrl-C are heard before", async () => {
    const { place } = await broken(() => {});
    const http = clientBehind(`http://${place}`, { timeoutMs: 150 });
    expect((await failing(http))?.message).toMatch(
      new RegExp(`^the proxy ${place} opened no connection to graphite.* 0\\.15 s`),
    );
    await http.close();
    const short = clientBehind(`http://${place}`, { runDeadlineMs: 100 });
    expect((await failing(short))?.code).toBe("source.deadline");
    await short.close();
    const stopped = clientBehind(`http://${place}`);
    const interrupt = new AbortController();
    const call = stopped.getJson("http://graphite.invalid/", { signal: interrupt.signal }).catch((error) => error.code);
    interrupt.abort();
    expect(await call).toBe("source.aborted");
    await stopped.close();
  });

  test("is not there", async () => {
    const http = clientBehind("http://127.0.0.1:1");
    expect((await failing(http))?.message).toMatch(
      /^the proxy 127\.0\.0\.1:1 refused the connection; check HTTP_PROXY/,
    );
    await http.close();
  });

  test.each(["not an address", "socks5://127.0.0.1:1", "http://u:%zz@127.0.0.1:1"])(
    "%s: an address that is none is refused by the variable's name",
    (address) => {
      expect(() => clientBehind(address)).toThrow(/HTTP_PROXY is not the address of a proxy/);
    },
  );
});
