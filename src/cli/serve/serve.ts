import { unwatchFile, watchFile } from "node:fs";
import { text as readAll } from "node:stream/consumers";
import { AnomalyError, EXIT, type ExitCode, UsageError } from "../../errors/errors.js";
import { toolVersion } from "../../files/tool-version.js";
import { secretFrom } from "../../runs/source/server-credentials.js";
import { parseListen } from "../../serve/http/listen.js";
import { serveOnce } from "../../serve/running.js";
import { type ServeAround, type Serving, serve as start } from "../../serve/serve.js";
import type { ServeSettings } from "../../serve/settings.js";
import { readSecret } from "../../sources/credentials.js";
import { count } from "../../wording/count.js";
import type { CommandContext } from "../commands/spec.js";
import { resolveOptions } from "../config/resolve.js";
import { eventSources } from "../known-events.js";
import { SERVED_STORE } from "../open-store.js";
import type { OptionKey } from "../options/table.js";
import { servedJobs } from "./served-jobs.js";

type ServeOptions = CommandContext<"serve">["options"];

/** `anomaly serve`: jobs on a schedule until a signal ends it. */
export async function serve(context: CommandContext<"serve">): Promise<ExitCode> {
  const { options, log, streams, signal } = context;
  if (options.printHash) return printHash(context);
  const settings = { ...serveSettings(context), alerts: await alertsOf(context) };
  const jobs = await servedJobs(context);
  const around: ServeAround = {
    nowMs: streams.nowMs,
    log: (level, message, job) => {
      const say = level === "warn" ? log.warn : log[level];
      say(job === undefined ? message : `${job}: ${message}`, job === undefined ? {} : { job });
    },
  };
  if (options.once) {
    const outcomes = await serveOnce(jobs, settings, around);
    signal.throwIfAborted();
    return [...outcomes.values()].every((outcome) => outcome === "ok") ? EXIT.ok : EXIT.failed;
  }
  const serving = await start(jobs, settings, around);
  const stopReloading = reloadOnChange(context, serving);
  log.info(`${count(jobs.length, "job")}; listening on ${serving.address}`);
  await new Promise<void>((done) => {
    if (signal.aborted) done();
    signal.addEventListener("abort", () => done(), { once: true });
  });
  stopReloading();
  log.info("stopping");
  await serving.close();
  // It was asked to end, and has: a supervisor takes any other status for a failure.
  return EXIT.ok;
}

/** Loaded only where the settings file has a section about it. */
async function alertsOf({ configPath, streams }: CommandContext<"serve">): Promise<ServeSettings["alerts"]> {
  if (configPath === undefined) return null;
  const { readAlerts } = await import("../config/alerts.js");
  const settings = readAlerts(configPath);
  return settings === undefined ? null : { settings, env: streams.env };
}

function serveSettings({ options, streams, configPath }: CommandContext<"serve">): Omit<ServeSettings, "alerts"> {
  const { tlsCert, tlsKey } = options;
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new UsageError("tls", "--tls-cert and --tls-key need each other; give both");
  }
  return {
    listen: parseListen(options.listen),
    tls: tlsCert === undefined || tlsKey === undefined ? null : { certFile: tlsCert, keyFile: tlsKey },
    credentialsFile: options.credentialsFile ?? null,
    hostNames: options.allowHost,
    names: options.names,
    mostSeries: options.maxMetricSeries,
    mostWarmBytes: options.maxMemory ?? null,
    withVerdicts: !options.noVerdicts,
    minConfidence: options.minConfidence,
    store: storeSettings(options, streams),
    events: { ...eventSources(options), env: streams.env },
    annotate: options.annotate ? { grafanaUrl: options.grafanaUrl ?? null, env: streams.env } : null,
    write: options.write.length === 0 ? null : writeSettings(options),
    retrainCommand: (job) => [
      process.execPath,
      ...process.execArgv,
      process.argv[1],
      ...["train", "--job", job, "--challenger", "--quiet", "--log-format", "text"],
      ...(configPath === undefined ? [] : ["--config", configPath]),
    ],
    version: toolVersion(),
  };
}

function storeSettings(
  { store, storeKeep, storeMaxSize }: ServeOptions,
  { env }: CommandContext<"serve">["streams"],
): ServeSettings["store"] {
  const password = secretFrom("storePassword", env);
  return {
    place: store ?? SERVED_STORE,
    password: password === undefined ? undefined : readSecret(password),
    keepMs: storeKeep,
    ...(storeMaxSize !== undefined && { maxBytes: storeMaxSize }),
  };
}

function writeSettings({ write, writeDir, writeBuffer, caFile, certFile, keyFile, insecure }: ServeOptions) {
  return { receivers: write, folder: writeDir, mostBytes: writeBuffer, tls: { caFile, certFile, keyFile, insecure } };
}

/** Where events come from, as the settings file says it now; what the command line gives stays. */
async function eventSourcesNow({ configPath, streams, options, origins }: CommandContext<"serve">) {
  const flags = new Map<OptionKey, readonly string[]>(configPath === undefined ? [] : [["config", [configPath]]]);
  const now = (await resolveOptions(flags, streams.env, "serve")).options;
  const given = EVENT_OPTIONS.filter((key) => origins[key] === "flag");
  return eventSources({ ...now, ...Object.fromEntries(given.map((key) => [key, options[key]])) });
}

const EVENT_OPTIONS = ["calendar", "timezone", "grafanaEvents", "alertmanagerUrl", "grafanaUrl"] as const;

/** How often the settings file is looked at: files are replaced by editors and configuration tools, which watching misses. */
const WATCH_MS = 1000;

/** Reloads the jobs, the alerts and the places of events at SIGHUP, and with `--watch-config` whenever the file changes. @returns what ends that. */
function reloadOnChange(context: CommandContext<"serve">, serving: Serving): () => void {
  const { configPath, options, log } = context;
  let turn = Promise.resolve();
  const reload = () => {
    turn = turn.then(async () => {
      try {
        // All of it is read before any of it counts.
        const jobs = await servedJobs(context);
        const changed = { alerts: await alertsOf(context), events: await eventSourcesNow(context) };
        serving.setJobs(jobs);
        await serving.setSettings(changed);
        serving.reloaded(true);
        log.info(`settings reloaded: ${count(jobs.length, "job")}`);
      } catch (thrown) {
        if (!(thrown instanceof AnomalyError)) throw thrown;
        serving.reloaded(false);
        log.error(`settings not reloaded, those before stay: ${thrown.message}`);
      }
    });
  };
  process.on("SIGHUP", reload);
  if (options.watchConfig && configPath !== undefined) watchFile(configPath, { interval: WATCH_MS }, reload);
  return () => {
    process.off("SIGHUP", reload);
    if (configPath !== undefined) unwatchFile(configPath, reload);
  };
}

async function printHash({ streams }: CommandContext<"serve">): Promise<ExitCode> {
  const password = (await readAll(streams.stdin)).replace(/\r?\n$/, "");
  if (password === "") throw new UsageError("password", "stdin holds no password; pipe one into the command");
  const { hashPassword } = await import("../../serve/http/credentials.js");
  await streams.out(`${await hashPassword(password)}\n`);
  return EXIT.ok;
}
