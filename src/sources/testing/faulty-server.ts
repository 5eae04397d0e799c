import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { expandBraces } from "./expand-braces.js";

/** One thing that goes wrong with one answer; `ok` is an answer as it should be. */
export type ServerFault =
  | { readonly kind: "ok" | "gzip" | "html" | "empty" | "text" | "hang" | "reset" | "reset_mid_body" | "cut_json" }
  | {
      readonly kind:
        | "not_a_list"
        | "null_series"
        | "unordered"
        | "duplicates"
        | "odd_values"
        | "redirect_away"
        | "short";
    }
  | { readonly kind: "bad_gzip" | "slow_loris" | "wrong_type" | "html_error" }
  | { readonly kind: "endless" | "bomb" | "reflect" | "reflect_text" | "reflect_in_frames" }
  | { readonly kind: "latency"; readonly ms: number }
  | { readonly kind: "status"; readonly status: number; readonly retryAfter?: string }
  | { readonly kind: "clock_skew"; readonly seconds: number }
  | { readonly kind: "huge"; readonly megabytes: number };

export interface FaultyServer {
  readonly url: string;
  /** What the next answers do wrong, one each; after them all is well. */
  script(faults: readonly ServerFault[]): void;
  /** Answers given so far. */
  readonly answered: () => number;
  stop(): Promise<void>;
}

/** A value that shows which series and slot it is of, so that a wrong or lost one shows. */
export const expectedValue = (target: string, slot: number) => target.length * 1000 + slot;

/**
 * A Graphite that misbehaves on demand: it has any path that is requested, a value every minute, and a script of faults.
 */
export async function startFaultyServer(): Promise<FaultyServer> {
  let queue: ServerFault[] = [];
  let answers = 0;
  const server = createServer((message, response) => {
    const chunks: Buffer[] = [];
    message.on("data", (chunk: Buffer) => chunks.push(chunk));
    message.on("end", () => {
      answers++;
      const form = new URLSearchParams(Buffer.concat(chunks).toString());
      answer(queue.shift() ?? { kind: "ok" }, form, response, message.headers.authorization ?? "");
    });
  });
  server.on("connection", (socket) => socket.on("error", () => {}));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    script: (faults) => {
      queue = [...faults];
    },
    answered: () => answers,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Datapoint = readonly [number | string | null, number];

function replyText(form: URLSearchParams, change: (points: Datapoint[]) => Datapoint[] = (points) => points): string {
  const fromS = Number(form.get("from")) + 1;
  const untilS = Number(form.get("until"));
  const raw = form.get("format") === "raw";
  const series = form
    .getAll("target")
    .flatMap(expandBraces)
    .map((target) => {
      const name = /^alias\(.*,"(.*)"\)$/.exec(target)?.[1] ?? target;
      const points: Datapoint[] = [];
      for (let atS = Math.ceil(fromS / 60) * 60; atS <= untilS; atS += 60) {
        points.push([expectedValue(name, (atS / 60) % 1440), atS]);
      }
      const changed = change(points);
      if (raw) {
        const words: Readonly<Record<string, string>> = { null: "None", "1e9999": "inf", "-1e9999": "-inf" };
        const cells = changed.map(([value]) => words[String(value)] ?? String(value));
        return `${name},${points[0][1]},${points[0][1] + 60 * points.length},60|${cells.join()}\n`;
      }
      const text = changed.map(([value, atS]) => `[${value},${atS}]`);
      return `{"target":${JSON.stringify(name)},"tags":{},"datapoints":[${text.join()}]}`;
    });
  return raw ? series.join("") : `[${series.join()}]`;
}

/** Only JSON shows the time of each point, so that points can come in any order: a server that knows nothing else. */
function inJson(form: URLSearchParams): URLSearchParams {
  return new URLSearchParams(
    [...form].map(([name, value]): [string, string] => [name, name === "format" ? "json" : value]),
  );
}

/** 20 MB in 20 kB. */
const BOMB = gzipSync(`[${" ".repeat(20 << 20)}]`);
/** What steers a terminal, turns text round and hides it. */
const TRICKS = "\u001b[2J\u0007 \u202etxt\u202c \u200b\u2066";

/** @param credentials what the request said of who asks, for servers that write it into their answers. */
function answer(fault: ServerFault, form: URLSearchParams, response: ServerResponse, credentials: string): void {
  const json = { "content-type": "application/json" };
  const send = (text: string) => response.writeHead(200, json).end(text);
  const good = replyText(form);
  switch (fault.kind) {
    case "ok":
      send(good);
      break;
    case "gzip":
      response.writeHead(200, { ...json, "content-encoding": "gzip" }).end(gzipSync(good));
      break;
    case "bad_gzip":
      response.writeHead(200, { ...json, "content-encoding": "gzip" }).end(gzipSync(good).subarray(0, 30));
      break;
    case "html":
    case "wrong_type":
      response
        .writeHead(200, { "content-type": "text/html" })
        .end(fault.kind === "html" ? "<html>log in</html>" : good);
      break;
    case "html_error":
      response
        .writeHead(500, { "content-type": "text/html" })
        .end("<html><pre>Traceback (most recent call last)</pre>");
      break;
    case "empty":
      send("");
      break;
    case "text":
      send("pong");
      break;
    case "hang":
      break;
    case "reset":
      response.socket?.resetAndDestroy();
      break;
    case "reset_mid_body":
      response.writeHead(200, { ...json, "content-length": good.length }).write(good.slice(0, good.length >> 1));
      setImmediate(() => response.socket?.resetAndDestroy());
      break;
    case "short":
      response.writeHead(200, { ...json, "content-length": good.length, connection: "close" });
      response.write(good.slice(0, 10));
      setImmediate(() => response.socket?.end());
      break;
    case "cut_json":
      send(good.slice(0, good.length >> 1));
      break;
    case "not_a_list":
      send('{"results":{}}');
      break;
    case "null_series":
      send("[null]");
      break;
    case "unordered":
      send(replyText(inJson(form), (points) => points.toReversed()));
      break;
    case "duplicates":
      send(replyText(inJson(form), (points) => points.flatMap((point) => [point, point])));
      break;
    case "odd_values":
      send(
        replyText(form, (points) => points.map(([value, atS], i) => [[value, null, "1e9999", "-1e9999"][i % 4], atS])),
      );
      break;
    case "redirect_away":
      response.writeHead(302, { location: "http://elsewhere.invalid/login?next=x" }).end();
      break;
    case "slow_loris": {
      response.writeHead(200, json);
      const drip = setInterval(() => response.write(" "), 20);
      response.on("close", () => clearInterval(drip));
      break;
    }
    case "latency":
      setTimeout(() => send(good), fault.ms);
      break;
    case "status": {
      const headers = fault.retryAfter === undefined ? json : { ...json, "retry-after": fault.retryAfter };
      response.writeHead(fault.status, headers).end(`{"message":"no"}`);
      break;
    }
    case "clock_skew":
      response.writeHead(200, { ...json, date: new Date(Date.now() + fault.seconds * 1000).toUTCString() }).end(good);
      break;
    case "endless": {
      response.writeHead(200, json);
      const more = () => {
        for (let flowing = true; flowing && !response.destroyed; ) flowing = response.write(" ".repeat(65_536));
      };
      response.on("drain", more);
      more();
      break;
    }
    case "bomb":
      response.writeHead(200, { ...json, "content-encoding": "gzip" }).end(BOMB);
      break;
    case "reflect":
      response.writeHead(400, json).end(JSON.stringify({ message: `you sent ${credentials} ${TRICKS}` }));
      break;
    case "reflect_text":
      response
        .writeHead(500, { "content-type": "text/plain" })
        .end(`${encodeURIComponent(credentials)} ${TRICKS} ${credentials}`);
      break;
    case "reflect_in_frames":
      response
        .writeHead(400, json)
        .end(JSON.stringify({ results: { A: { status: 500, error: `${credentials}${TRICKS}` } } }));
      break;
    case "huge":
      send(`${good}${"x".repeat(fault.megabytes << 20)}`);
  }
}
