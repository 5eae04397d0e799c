import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answerQueries } from "./grafana-query.js";

/** What the stand-in does instead of forwarding a request. */
export type Fault =
  | {
      readonly kind: "status";
      readonly status: number;
      readonly body?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly kind: "html" }
  | { readonly kind: "cut_json" }
  | { readonly kind: "empty_list" }
  | { readonly kind: "silent" }
  | { readonly kind: "reset" };

export interface SeenRequest {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly form: URLSearchParams;
  /** The body as it came: JSON for the query API. */
  readonly body: string;
}

/** What Grafana says of itself and of a token with the role Viewer. */
const ANSWERS: Readonly<Record<string, { readonly status: number; readonly body: unknown }>> = {
  "/api/health": { status: 200, body: { database: "ok", version: "12.4.0" } },
  "/api/access-control/user/permissions": {
    status: 200,
    body: {
      "datasources:query": ["datasources:*"],
      "dashboards:read": ["dashboards:*"],
      "annotations:read": ["*"],
      "orgs.quotas:read": [""],
    },
  },
};

/** A token whose role is None. */
const FORBIDDEN = {
  accessErrorId: "ACE0123456789",
  message: "You'll need additional permissions to perform this action. Permissions needed: datasources:query",
  title: "Access denied",
};
const PROMETHEUS_POSTS = /^\/api\/v1\/(query|query_range|series|labels|query_exemplars)$/;

/** What of Grafana's settings the sources meet. */
export interface StandInOptions {
  /** The data-source proxy answers 403, as it does to roles that may only query. */
  readonly proxyForbidden?: boolean;
  /** The query API asks for more rights than the token has. */
  readonly queryForbidden?: boolean;
  /** The data source is a Prometheus: its proxy takes only what Prometheus is asked with. */
  readonly prometheus?: boolean;
  /** The organisation of the token; a request for another one is refused. */
  readonly orgId?: number;
  /** Versions up to 10 let Graphite average to this many points in the query API. */
  readonly oldPointLimit?: number;
  /** As 12.4.0 alone: the query API answers Graphite's queries under an empty name. */
  readonly emptyName?: boolean;
  /** Further answers by path, once the token is right; undefined leaves the path to the rest. */
  readonly routes?: (
    path: string,
    method: string,
    body: string,
  ) => { readonly status: number; readonly body: unknown } | undefined;
}

export interface GrafanaStandIn {
  readonly url: string;
  readonly token: string;
  readonly uid: string;
  /** All requests so far. */
  readonly requests: SeenRequest[];
  /** The next requests meet these, one each. */
  failNext(...faults: Fault[]): void;
  /** Every request whose form passes the test meets this fault; undefined ends it. */
  failWhere(fault: Fault | undefined, test?: (form: URLSearchParams, body: string) => boolean): void;
  stop(): Promise<void>;
}

/**
 * What of Grafana the sources speak to: `/api/datasources/proxy/uid/<uid>/…`, forwarded to a real server once the bearer
 * token is right, and `/api/ds/query`, whose answers it wraps in frames, with Grafana's own answers for a wrong token (401), missing
 * rights (403), an unknown uid (404) and no server behind (502). All as measured on Grafana 12.4.0; it is not Grafana.
 */
export async function startGrafanaStandIn(
  backendUrl?: string,
  token = "glsa_test",
  uid = "graphite-1",
  options: StandInOptions = {},
): Promise<GrafanaStandIn> {
  const requests: SeenRequest[] = [];
  const queue: Fault[] = [];
  let standing: { readonly fault: Fault; readonly test: (form: URLSearchParams, body: string) => boolean } | undefined;

  async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const path = message.url ?? "/";
    const form = new URLSearchParams(body);
    requests.push({ path, headers: message.headers, form, body });
    const json = (status: number, value: unknown) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));

    if (message.headers.authorization !== `Bearer ${token}`) return void json(401, { message: "Invalid API key" });
    const org = message.headers["x-grafana-org-id"];
    if (options.orgId !== undefined && org !== undefined && org !== String(options.orgId)) {
      return void json(401, { message: "API key does not belong to the requested organization" });
    }
    const routed = options.routes?.(path, message.method ?? "GET", body) ?? ANSWERS[path];
    if (routed !== undefined) return void json(routed.status, routed.body);
    const described = /^\/api\/datasources\/uid\/([^/]+)$/.exec(path)?.[1];
    if (described === uid) {
      const type = options.prometheus ? "prometheus" : "graphite";
      return void json(200, { uid, type, name: "Test", url: backendUrl ?? "", access: "proxy" });
    }
    if (described !== undefined) return void json(404, { message: "Data source not found", traceID: "" });
    const isQuery = path === "/api/ds/query" && message.method === "POST";
    const match = /^\/api\/datasources\/proxy\/uid\/([^/]+)(\/.*)$/.exec(path);
    if (match === null && !isQuery) return void json(404, { message: "Not found" });
    const asked = isQuery ? JSON.parse(body) : undefined;
    const askedUid = isQuery ? asked.queries?.[0]?.datasource?.uid : match?.[1];
    if (askedUid !== uid) {
      const unknown = { message: "Unable to find datasource", traceID: "" };
      return void json(404, isQuery ? { message: "Data source not found" } : unknown);
    }
    if (isQuery ? options.queryForbidden : options.proxyForbidden) return void json(403, FORBIDDEN);
    if (!isQuery && options.prometheus && message.method === "POST" && !PROMETHEUS_POSTS.test(match?.[2] ?? "")) {
      return void json(403, { message: "non allow-listed POSTs not allowed on proxied Prometheus datasource" });
    }
    const fault = queue.shift() ?? (standing?.test(form, body) === true ? standing.fault : undefined);
    if (fault !== undefined) return misbehave(fault, response);
    if (isQuery) {
      const answer = await answerQueries(backendUrl, asked, options);
      return void json(answer.status, answer.body);
    }
    if (backendUrl === undefined) return void response.writeHead(502).end();
    const reply = await fetch(backendUrl + match?.[2], {
      method: message.method,
      headers: { "content-type": message.headers["content-type"] ?? "text/plain" },
      body: message.method === "GET" ? undefined : body,
    });
    response.writeHead(reply.status, { "content-type": reply.headers.get("content-type") ?? "application/json" });
    response.end(Buffer.from(await reply.arrayBuffer()));
  }

  const server = createServer((message, response) => {
    answer(message, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    uid,
    requests,
    failNext: (...faults) => void queue.push(...faults),
    failWhere: (fault, test = () => true) => {
      standing = fault === undefined ? undefined : { fault, test };
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function misbehave(fault: Fault, response: ServerResponse): void {
  const json = { "content-type": "application/json" };
  switch (fault.kind) {
    case "status":
      response.writeHead(fault.status, { ...json, ...fault.headers }).end(fault.body ?? "{}");
      return;
    case "html":
      response
        .writeHead(200, { "content-type": "text/html; charset=utf-8" })
        .end("<!doctype html><title>Grafana</title>");
      return;
    case "cut_json":
      response.writeHead(200, json).end('[{"target": "a.b", "datapoints": [[1.5, 17513');
      return;
    case "empty_list":
      response.writeHead(200, json).end("[]");
      return;
    case "silent":
      return;
    case "reset":
      response.socket?.resetAndDestroy();
  }
}
