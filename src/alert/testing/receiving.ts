import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface Taken {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  readonly json: Readonly<Record<string, unknown>>;
}

export interface Given {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** The other end of a receiver, on loopback. */
export interface ReceivingEnd {
  readonly url: string;
  readonly taken: Taken[];
  /** What is answered; a test may change it. */
  answer: (taken: Taken) => Given;
  readonly close: () => Promise<void>;
}

export async function receivingEnd(answer: (taken: Taken) => Given = () => ({})): Promise<ReceivingEnd> {
  const taken: Taken[] = [];
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString("utf8");
    let json = {};
    try {
      json = JSON.parse(body);
    } catch {
      // A form, or nothing.
    }
    const one: Taken = { method: request.method ?? "", path: request.url ?? "", headers: request.headers, body, json };
    taken.push(one);
    const { status = 200, headers = {}, body: said = {} } = end.answer(one);
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof said === "string" ? said : JSON.stringify(said));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const end: ReceivingEnd = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken,
    answer,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
  return end;
}
