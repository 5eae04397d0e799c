import type { AddressInfo } from "node:net";
import { messageOf, OutputError } from "../errors/errors.js";
import { type ApiRoute, addApiRoutes, apiRoutes } from "./http/api-routes.js";
import { openApp } from "./http/app.js";
import { addGraphiteRoutes } from "./http/graphite-routes.js";
import { scopeIsWrite } from "./http/guard.js";
import { addHealthRoutes } from "./http/health-routes.js";
import { hostText } from "./http/listen.js";
import { openApiDocument } from "./http/openapi.js";
import { addPageRoutes } from "./http/page-routes.js";
import { addPrometheusRoutes, parametersOf, seriesOf } from "./http/prometheus-routes.js";
import { replayLane } from "./replay-lane.js";
import type { House, Room } from "./room.js";
import { certificateOf, credentialsOf } from "./secret-files.js";
import type { ServeSettings } from "./settings.js";
import { addAlertRoutes } from "./store/alert-routes.js";
import { addEventRoutes } from "./store/event-routes.js";
import { storedVerdicts } from "./store/verdicts.js";

/** The room that answers requests. */
export interface Answering extends Room {
  /** @returns the address, such as `http://127.0.0.1:9977`. @throws OutputError where the port cannot be had. */
  readonly listen: () => Promise<string>;
}

/** Requests that are answered at once; more are refused with 429. */
const MOST_REQUESTS = 64;

/**
 * @param others routes of the JSON API that other rooms answer. @param passOn receivers that an acknowledgement is passed on to, as of now.
 * @throws ConfigError where it would listen beyond this machine without credentials, or a file of secrets cannot be used.
 */
export function answering(
  { findings, own, jobs, store, knownEvents, nowMs, log }: House,
  settings: ServeSettings,
  others: readonly ApiRoute[],
  passOn: () => readonly string[],
): Answering {
  const { listen, names, mostSeries, version } = settings;
  const app = openApp({
    credentials: credentialsOf(settings),
    hostNames: [...settings.hostNames, listen.host].map((name) => name.toLowerCase()),
    mostRequests: MOST_REQUESTS,
    nowMs,
    tls: settings.tls === null ? null : certificateOf(settings.tls),
    onRequest: own.onRequest,
    onFailure: (message) => log("error", message),
  });
  addHealthRoutes(app, { findings, own, names, mostSeries, nowMs });
  const routes = [...apiRoutes(findings), ...others];
  const replays = replayLane(findings, { knownEvents, nowMs });
  const evaluation = { findings, replays, nowMs };
  addPrometheusRoutes(app, evaluation);
  addGraphiteRoutes(app, evaluation);
  addApiRoutes(app, findings, routes, {
    // Prometheus's own route of this path always has a selector.
    "/api/v1/series": (request) => {
      const parameters = parametersOf(request);
      return parameters.has("match[]") ? seriesOf(parameters, evaluation) : undefined;
    },
  });
  addEventRoutes(app, store, nowMs);
  addAlertRoutes(app, store, nowMs, passOn);
  const pages = addPageRoutes(app, {
    findings,
    replays,
    verdicts: storedVerdicts(store),
    jobs,
    nowMs,
    mayWrite: scopeIsWrite,
  });
  const document = openApiDocument(routes, version);
  app.get("/openapi.json", async () => document);
  return {
    listen: async () => {
      try {
        await app.listen({ host: listen.host, port: listen.port });
      } catch (cause) {
        throw new OutputError("listen", `cannot listen on ${hostText(listen)}:${listen.port}: ${messageOf(cause)}`, {
          cause,
        });
      }
      const { port } = app.server.address() as AddressInfo;
      return `${settings.tls === null ? "http" : "https"}://${hostText(listen)}:${port}`;
    },
    setJobs: replays.setJobs,
    // Answers that are under way end with their connections.
    close: async () => {
      await Promise.all([app.close(), replays.close(), pages.close()]);
    },
  };
}
