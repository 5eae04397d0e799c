import { Writable } from "node:stream";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import type { Streams } from "../streams.js";

/** A transport over the streams of a run. */
export interface Stdio {
  readonly transport: StdioServerTransport;
  /** Begins to count what is under way; after the transport is connected. Resolves when stdin has ended and all is answered. */
  readonly untilEnd: () => Promise<void>;
}

/** stdin and stdout as the protocol wants them: one message per line. What came before the end of stdin is still answered. */
export function stdioOf(streams: Streams): Stdio {
  const { stdin } = streams;
  const stdout = new Writable({
    write: (chunk: Buffer, _, done) => {
      streams.out(chunk.toString("utf8")).then(() => done(), done);
    },
  });
  const transport = new StdioServerTransport(stdin as typeof process.stdin, stdout);
  const untilEnd = () =>
    new Promise<void>((resolve) => {
      const underWay = new Set<unknown>();
      let hasEnded = false;
      const settle = (id: unknown) => {
        underWay.delete(id);
        if (hasEnded && underWay.size === 0) resolve();
      };
      const { onmessage } = transport;
      transport.onmessage = (message: JSONRPCMessage) => {
        if ("method" in message && "id" in message) underWay.add(message.id);
        onmessage?.(message);
        // Nobody waits for the answer any more, and none is sent.
        if ("method" in message && message.method === "notifications/cancelled") settle(message.params?.["requestId"]);
      };
      const send = transport.send.bind(transport);
      transport.send = async (message: JSONRPCMessage) => {
        await send(message);
        if ("id" in message && !("method" in message)) settle(message.id);
      };
      const end = () => {
        hasEnded = true;
        settle(undefined);
      };
      stdin.once("end", end).once("close", end);
    });
  return { transport, untilEnd };
}
