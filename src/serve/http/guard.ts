import { isIP } from "node:net";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { MINUTE_MS, SECOND_MS } from "../../time/duration.js";
import { type Credentials, type Scope, scopeOf } from "./credentials.js";

/** Who may call, and how much at once. */
export interface GuardOptions {
  /** Null: everyone who can reach the port, which is only this machine then. */
  readonly credentials: Credentials | null;
  /** Names that the server may be called by, beside IP addresses and localhost. */
  readonly hostNames: readonly string[];
  readonly mostRequests: number;
  readonly nowMs: () => number;
}

/** Failed attempts of one address within a minute; more are not even looked at. */
const MOST_FAILURES = 10;
/** Addresses whose failures are remembered. */
const MOST_ADDRESSES = 10_000;
/** Open to everyone: whether the process lives says nothing of what it has found. */
const OPEN_ROUTES = ["/healthz", "/readyz"];

/** A refusal, in the form that all of our answers have. */
export class Refusal extends Error {
  readonly statusCode: number;
  readonly errorType: string;
  readonly retryAfterS: number | undefined;
  constructor(statusCode: number, errorType: string, message: string, retryAfterS?: number) {
    super(message);
    this.statusCode = statusCode;
    this.errorType = errorType;
    this.retryAfterS = retryAfterS;
  }
}

/** Puts the guard before every route. */
export function addGuard(app: FastifyInstance, { credentials, hostNames, mostRequests, nowMs }: GuardOptions): void {
  const failures = new Map<string, { count: number; untilMs: number }>();
  let underWay = 0;

  app.addHook("onRequest", async (request, reply) => {
    underWay++;
    refuseForeignHost(request, hostNames);
    if (underWay > mostRequests && !OPEN_ROUTES.includes(request.routeOptions.url ?? "")) {
      throw new Refusal(429, "too_many_requests", `more than ${mostRequests} requests are under way; try again`, 1);
    }
    if (credentials === null || OPEN_ROUTES.includes(request.routeOptions.url ?? "")) return;
    const known = failures.get(request.ip);
    if (known !== undefined && known.untilMs > nowMs() && known.count >= MOST_FAILURES) {
      const seconds = Math.ceil((known.untilMs - nowMs()) / SECOND_MS);
      throw new Refusal(429, "too_many_requests", `too many failed attempts; try again in ${seconds} s`, seconds);
    }
    const scope = await scopeOf(credentials, request.headers.authorization);
    if (scope === undefined) {
      note(request.ip);
      void reply.header("www-authenticate", 'Bearer realm="anomaly", Basic realm="anomaly"');
      throw new Refusal(401, "unauthorized", "needs a bearer token or a user from the server's credentials file");
    }
    failures.delete(request.ip);
    scopes.set(request, scope);
    if (neededScope(request) === "write" && scope !== "write") {
      throw new Refusal(403, "forbidden", "this token may read; what changes something needs one with the scope write");
    }
  });
  app.addHook("onResponse", async () => {
    underWay--;
  });

  const note = (address: string) => {
    const now = nowMs();
    const known = failures.get(address);
    const count = known !== undefined && known.untilMs > now ? known.count + 1 : 1;
    failures.delete(address);
    failures.set(address, { count, untilMs: now + MINUTE_MS });
    for (const oldest of failures.keys()) {
      if (failures.size <= MOST_ADDRESSES) break;
      failures.delete(oldest);
    }
  };
}

/** What a request may do; without credentials whoever reaches the port may write. */
const scopes = new WeakMap<FastifyRequest, Scope>();

export function scopeIsWrite(request: FastifyRequest): boolean {
  return (scopes.get(request) ?? "write") === "write";
}

/** Reading routes say so: queries come by POST as well. */
function neededScope({ method, routeOptions }: FastifyRequest): Scope {
  const isReading =
    method === "GET" || method === "HEAD" || (routeOptions.config as { reads?: boolean }).reads === true;
  return isReading ? "read" : "write";
}

/**
 * A page of another origin can make a browser call this server by a name that it has pointed here; such a name is none of ours.
 * https://en.wikipedia.org/wiki/DNS_rebinding
 */
function refuseForeignHost({ headers }: FastifyRequest, hostNames: readonly string[]): void {
  const host = (headers.host ?? "")
    .replace(/:\d+$/, "")
    .replace(/^\[(.*)\]$/, "$1")
    .toLowerCase();
  if (host === "localhost" || isIP(host) !== 0 || hostNames.includes(host)) return;
  throw new Refusal(421, "misdirected", `this server is not called "${host.slice(0, 100)}"; --allow-host adds a name`);
}

/** Answers an error: the sentence, and nothing of the inside of the program. */
export function answerError(thrown: unknown, _request: FastifyRequest, reply: FastifyReply): void {
  const error = thrown as Partial<Refusal> & { message?: string };
  const status = error.statusCode !== undefined && error.statusCode >= 400 ? error.statusCode : 500;
  if (error.retryAfterS !== undefined) void reply.header("retry-after", `${error.retryAfterS}`);
  const errorType = error.errorType ?? (status === 413 ? "too_large" : status < 500 ? "bad_data" : "internal");
  const said =
    status < 500 || error.errorType !== undefined ? (error.message ?? "") : "the server failed; its log says why";
  void reply
    .code(status)
    .header("content-type", "application/json")
    .send(JSON.stringify({ status: "error", errorType, error: said }));
}
