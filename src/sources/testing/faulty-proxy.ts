import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

/** What a proxy does with one CONNECT; `ok` opens the tunnel. */
export const PROXY_FAULTS = ["ok", "close", "end", "half", "silent", "403", "407", "503", "close_tunnel"] as const;
export type ProxyFault = (typeof PROXY_FAULTS)[number];

export interface FaultyProxy {
  readonly url: string;
  /** What the next tunnels meet, one each; after them all is well. */
  script(faults: readonly ProxyFault[]): void;
  /** CONNECTs so far. */
  readonly asked: () => number;
  stop(): Promise<void>;
}

/** An HTTP proxy that opens tunnels, and misbehaves on demand. */
export async function startFaultyProxy(): Promise<FaultyProxy> {
  let queue: ProxyFault[] = [];
  let asked = 0;
  const sockets = new Set<Socket>();
  const server = createServer((_, response) => response.writeHead(400).end());
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  server.on("connect", (message, socket: Socket) => {
    asked++;
    const fault = queue.shift() ?? "ok";
    if (/^\d+$/.test(fault)) socket.end(`HTTP/1.1 ${fault} No\r\ncontent-length: 0\r\n\r\n`);
    else if (fault === "close") socket.destroy();
    else if (fault === "end") socket.end();
    else if (fault === "half") socket.end("HTTP/1.1 200");
    else if (fault === "close_tunnel") socket.end("HTTP/1.1 200 Connection established\r\n\r\n");
    else if (fault === "ok") {
      const [host, port] = (message.url ?? "").split(":");
      const target = connect(Number(port), host, () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        target.pipe(socket);
        socket.pipe(target);
      });
      target.on("error", () => socket.destroy());
      socket.on("error", () => target.destroy());
      socket.on("close", () => target.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    script: (faults) => {
      queue = [...faults];
    },
    asked: () => asked,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
