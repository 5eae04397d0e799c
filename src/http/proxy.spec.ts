import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { expect, test } from "vitest";
import { createHttp } from "./http.js";

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
  const { HTTP_PROXY, http_proxy, NO_PROXY, no_proxy } = process.env;
  process.env["HTTP_PROXY"] = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  for (const name of ["http_proxy", "NO_PROXY", "no_proxy"]) delete process.env[name];
  const http = createHttp();
  for (const [name, value] of Object.entries({ HTTP_PROXY, http_proxy, NO_PROXY, no_proxy })) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  expect(await http.getJson("http://graphite.invalid/render")).toMatch(/^by /);
  expect(asked.join()).toContain("graphite.invalid");
  await http.close();
  proxy.closeAllConnections();
  proxy.close();
});
