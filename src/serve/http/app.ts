import { type FastifyInstance, fastify } from "fastify";
import { SECOND_MS } from "../../time/duration.js";
import { addGuard, answerError, type GuardOptions } from "./guard.js";

export interface AppOptions extends GuardOptions {
  readonly tls: { readonly cert: string; readonly key: string } | null;
  readonly onRequest: (route: string, status: number, seconds: number) => void;
  /** Takes what went wrong inside, for the log. */
  readonly onFailure: (message: string) => void;
}

/** Bodies are PromQL expressions and forms. */
const MOST_BODY_BYTES = 1 << 18;
/** Who sends its request slower than this has lost it. */
const REQUEST_MS = 15 * SECOND_MS;
const IDLE_MS = 60 * SECOND_MS;

/** The HTTP server with its guard; routes are added by whoever knows them. */
export function openApp({ tls, onRequest, onFailure, ...guard }: AppOptions): FastifyInstance {
  const common = {
    bodyLimit: MOST_BODY_BYTES,
    requestTimeout: REQUEST_MS,
    connectionTimeout: IDLE_MS,
    keepAliveTimeout: IDLE_MS,
    // Only what the socket says counts: a header could be anyone's.
    trustProxy: false,
    routerOptions: { maxParamLength: 500 },
    forceCloseConnections: true,
  } as const;
  const app = (tls === null ? fastify(common) : fastify({ ...common, https: tls })) as FastifyInstance;
  addGuard(app, guard);
  app.addHook("onSend", async (_request, reply) => {
    void reply.header("x-content-type-options", "nosniff");
    void reply.header("referrer-policy", "no-referrer");
    if (reply.getHeader("cache-control") === undefined) void reply.header("cache-control", "no-cache");
  });
  app.addHook("onResponse", async (request, reply) => {
    onRequest(request.routeOptions.url ?? "none", reply.statusCode, reply.elapsedTime / SECOND_MS);
  });
  app.setErrorHandler((thrown, request, reply) => {
    const { statusCode = 500, errorType } = thrown as { statusCode?: number; errorType?: string };
    if (statusCode >= 500 && errorType === undefined) {
      onFailure(`${request.method} ${request.routeOptions.url ?? request.url}: ${(thrown as Error).stack ?? thrown}`);
    }
    answerError(thrown, request, reply);
  });
  app.setNotFoundHandler((request, reply) => {
    void reply.code(404).send({
      status: "error",
      errorType: "not_found",
      error: `there is no ${request.method} ${request.url.split("?")[0].slice(0, 200)}; GET /openapi.json lists what there is`,
    });
  });
  app.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_request, body, done) => {
    done(null, new URLSearchParams(body as string));
  });
  return app;
}
