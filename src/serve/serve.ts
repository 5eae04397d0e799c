import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import type { Registry } from "prom-client";
import { ConfigError, messageOf, OutputError } from "../errors/errors.js";
import type { Surroundings } from "../runs/surroundings.js";
import { type Conductor, conductor, type Outcome } from "./conductor.js";
import type { Names } from "./exposition/findings-text.js";
import { ownMetrics } from "./exposition/own-metrics.js";
import { Findings } from "./findings.js";
import { addApiRoutes, apiRoutes } from "./http/api-routes.js";
import { openApp } from "./http/app.js";
import { parseCredentials } from "./http/credentials.js";
import { addGraphiteRoutes } from "./http/graphite-routes.js";
import { scopeIsWrite } from "./http/guard.js";
import { addHealthRoutes } from "./http/health-routes.js";
import { hostText, isLoopback, type Listen } from "./http/listen.js";
import { openApiDocument } from "./http/openapi.js";
import { addPageRoutes } from "./http/page-routes.js";
import { addPrometheusRoutes, parametersOf, seriesOf } from "./http/prometheus-routes.js";
import { replayLane } from "./replay-lane.js";
import type { ServedJob } from "./run/order.js";
import type { WriteSettings } from "./write/write-order.js";

export interface ServeSettings {
  readonly listen: Listen;
  /** Files with a certificate and its key, PEM; null: plain HTTP. */
  readonly tls: { readonly certFile: string; readonly keyFile: string } | null;
  /** File of tokens and users; null: whoever reaches the port may read. */
  readonly credentialsFile: string | null;
  readonly hostNames: readonly string[];
  readonly names: Names;
  readonly mostSeries: number;
  readonly mostWarmBytes: number | null;
  /** Null: no annotations in Grafana. The address is that of jobs that have none of their own. */
  readonly annotate: { readonly grafanaUrl: string | null; readonly env: Surroundings["env"] } | null;
  /** Null: nothing is written to other servers. */
  readonly write: WriteSettings | null;
  readonly version: string;
}

export interface ServeAround {
  readonly nowMs: () => number;
  readonly log: (level: "debug" | "info" | "warn" | "error", message: string, job?: string) => void;
}

/** A server that runs. */
export interface Serving {
  /** `http://127.0.0.1:9977` */
  readonly address: string;
  /** Takes changed jobs; what is unchanged keeps its place. */
  readonly setJobs: (jobs: readonly ServedJob[]) => void;
  /** Counts a reload of the settings that was accepted or refused. */
  readonly reloaded: (isGood: boolean) => void;
  /** Stops runs and answers, with everything that was found written. */
  readonly close: () => Promise<void>;
}

/** Requests that are answered at once; more are refused with 429. */
const MOST_REQUESTS = 64;

/**
 * Runs jobs on their intervals and answers what they have found.
 *
 * @throws ConfigError where it would listen beyond this machine without credentials, or a file of secrets cannot be used; OutputError
 * where the port cannot be had.
 */
export async function serve(
  jobs: readonly ServedJob[],
  settings: ServeSettings,
  { nowMs, log }: ServeAround,
): Promise<Serving> {
  const { listen } = settings;
  const credentials =
    settings.credentialsFile === null
      ? null
      : parseCredentials(secretFile(settings.credentialsFile, "--credentials-file"), settings.credentialsFile);
  if (credentials === null && !isLoopback(listen)) {
    throw new ConfigError(
      "credentials",
      `--listen ${hostText(listen)}:${listen.port} can be reached from other machines; name a file of tokens or users with --credentials-file, or listen on 127.0.0.1`,
    );
  }
  const findings = new Findings();
  const own = ownMetrics({ version: settings.version, findings, waiting: () => runner.waiting() });
  const writer = settings.write === null ? null : await openWriting(settings.write, log, own.registry, nowMs);
  const runner: Conductor = conductor({
    findings,
    nowMs,
    mostWarmBytes: settings.mostWarmBytes,
    queues: writer?.queues ?? null,
    events: {
      onQueued: (job, queued) => writer?.onQueued(job, queued),
      onRun: (job, outcome, seconds, report) => {
        own.onRun(job, outcome, seconds);
        if (report === undefined) return;
        own.onShed(report.shed);
        if (report.shed > 0) log("info", `let go of ${report.shed} checkpoint files to stay within --max-memory`, job);
        log("debug", `looked at ${report.fetchedSeries} series in ${seconds.toFixed(2)} s`, job);
        if (report.added > 0) log("info", `${report.added} new ${report.added === 1 ? "episode" : "episodes"}`, job);
      },
      onFetchError: own.onFetchError,
      onMissed: (job, runs) => {
        own.onMissed(job, runs);
        log("warn", `${runs} ${runs === 1 ? "run was" : "runs were"} missed`, job);
      },
      onNote: (job, level, message) => log(level, message, job),
      onThreadDeath: (reason) => {
        own.onThreadDeath();
        log("error", `the scoring thread has died and is started again: ${reason}`);
      },
    },
  });
  const app = openApp({
    credentials,
    hostNames: [...settings.hostNames, listen.host].map((name) => name.toLowerCase()),
    mostRequests: MOST_REQUESTS,
    nowMs,
    tls:
      settings.tls === null
        ? null
        : { cert: secretFile(settings.tls.certFile, "--tls-cert"), key: secretFile(settings.tls.keyFile, "--tls-key") },
    onRequest: own.onRequest,
    onFailure: (message) => log("error", message),
  });
  const { names, mostSeries, version } = settings;
  addHealthRoutes(app, { findings, own, names, mostSeries, nowMs });
  const routes = apiRoutes(findings);
  const replays = replayLane(findings, nowMs);
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
  let served: readonly ServedJob[] = jobs;
  const pages = addPageRoutes(app, { findings, replays, jobs: () => served, nowMs, mayWrite: scopeIsWrite });
  const annotations =
    settings.annotate === null
      ? null
      : (await import("./annotating.js")).annotating(findings, () => served, settings.annotate, {
          nowMs,
          log,
          registry: own.registry,
        });
  const document = openApiDocument(routes, version);
  app.get("/openapi.json", async () => document);

  const setJobs = (changed: readonly ServedJob[]) => {
    served = changed;
    replays.setJobs(changed);
    runner.setJobs(changed);
  };
  // Not ready before they have run. Their thread is started once the port is ours: it would keep a failed start alive.
  findings.setJobs(jobs.map(({ job }) => job.name));
  try {
    await app.listen({ host: listen.host, port: listen.port });
  } catch (cause) {
    own.close();
    await writer?.close();
    throw new OutputError("listen", `cannot listen on ${hostText(listen)}:${listen.port}: ${messageOf(cause)}`, {
      cause,
    });
  }
  own.listening();
  setJobs(jobs);
  runner.start();
  writer?.start();
  const { port } = app.server.address() as AddressInfo;
  return {
    address: `${settings.tls === null ? "http" : "https"}://${hostText(listen)}:${port}`,
    setJobs,
    reloaded: own.onReload,
    close: async () => {
      // Answers that are under way end with their connections; runs end by themselves within a moment.
      await Promise.all([
        app.close(),
        runner.stop(),
        replays.close(),
        pages.close(),
        writer?.close(),
        annotations?.close(),
      ]);
      own.close();
    },
  };
}

/** Runs all jobs once, without a port. @returns how each went. */
export async function serveOnce(
  jobs: readonly ServedJob[],
  { mostWarmBytes, write }: Pick<ServeSettings, "mostWarmBytes" | "write">,
  { nowMs, log }: ServeAround,
): Promise<ReadonlyMap<string, Outcome>> {
  const writer = write === null ? null : (await import("./writing.js")).writing(write, log);
  const runner = conductor({
    findings: new Findings(),
    nowMs,
    mostWarmBytes,
    queues: writer?.queues ?? null,
    events: {
      onQueued: (job, queued) => writer?.onQueued(job, queued),
      onRun: (job, _, seconds, report) => {
        if (report !== undefined) log("info", `${report.fetchedSeries} series in ${seconds.toFixed(1)} s`, job);
      },
      onFetchError: () => {},
      onMissed: () => {},
      onNote: (job, level, message) => log(level, message, job),
      onThreadDeath: (reason) => log("error", `the scoring thread has died: ${reason}`),
    },
  });
  try {
    runner.setJobs(jobs);
    const outcomes = await runner.once();
    await writer?.once();
    return outcomes;
  } finally {
    await Promise.all([runner.stop(), writer?.close()]);
  }
}

/** Loaded only where something is written. */
async function openWriting(write: WriteSettings, log: ServeAround["log"], registry: Registry, nowMs: () => number) {
  const [{ writing }, { writeMetrics }] = await Promise.all([
    import("./writing.js"),
    import("./exposition/write-metrics.js"),
  ]);
  return writing(write, log, writeMetrics(registry, nowMs));
}

function secretFile(path: string, flag: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new ConfigError("unreadable", `${flag}: cannot read ${path}: ${messageOf(cause)}`, { cause });
  }
}
