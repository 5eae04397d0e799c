import { ConfigError, UsageError } from "../../errors/errors.js";
import { toolVersion } from "../../files/tool-version.js";
import { placeOf } from "../../http/failure.js";
import { createHttp, type Http, type Tried } from "../../http/http.js";
import type { Model } from "../../model/model.js";
import type { Labels } from "../../series/series.js";
import { createGrafanaSource } from "../../sources/grafana/source.js";
import { createGraphiteSource } from "../../sources/graphite/source.js";
import { DEFAULT_MAX_SERIES } from "../../sources/input-limits.js";
import { limitedSource } from "../../sources/limited-source.js";
import { createPromqlSource } from "../../sources/promql/source.js";
import { rateSource } from "../../sources/rate-source.js";
import type { SeriesSource } from "../../sources/source.js";
import { HOUR_MS, MINUTE_MS } from "../../time/duration.js";
import { bytes } from "../../wording/bytes.js";
import type { Surroundings } from "../surroundings.js";
import type { OpenedSource } from "./opened.js";
import { askedPaths, askedQueries } from "./query-targets.js";
import { credentialsFrom, openSecretFiles, orgIdFrom, secretFrom } from "./server-credentials.js";
import type { QuestionSpec, ServerKind, ServerSpec } from "./source-spec.js";

/** What opening a server needs of what is around it. */
export type ServerSurroundings = Pick<Surroundings, "env" | "nowMs" | "signal" | "warn" | "debug">;

export const SERVER_WORDS: Readonly<Record<ServerKind, string>> = {
  graphite: "Graphite",
  grafana: "Grafana",
  prometheus: "Prometheus",
  victoriametrics: "VictoriaMetrics",
};

/**
 * A server as the source of a command. "Now" is the wall clock, less the time in which the newest values may still change.
 *
 * @param model says whether counters were learned as rates, so that they are read the same way now.
 */
export async function openServer(
  spec: ServerSpec & QuestionSpec,
  kind: ServerKind,
  around: ServerSurroundings,
  { model, limits }: { readonly model?: Model; readonly limits?: RunLimits } = {},
): Promise<OpenedSource> {
  const url = serverUrl(kind, spec);
  const asked = speaksPromql(kind, spec) ? askedQueries(spec) : askedPaths(spec);
  const http = openHttp(spec, around, limits);
  const name = `${SERVER_WORDS[kind]} at ${placeOf(url)}`;
  const source = limitedSource(
    openSource(kind, url, spec, around.env, http),
    spec.maxSeries ?? DEFAULT_MAX_SERIES,
    name,
  );
  const rate = spec.rate || model?.options["rate"] === true;
  return {
    ...asked,
    source: rate ? rateSource(source) : source,
    nowMs: around.nowMs() - (spec.settle ?? 0),
    name,
    datasourceUid: kind === "grafana" ? spec.datasourceUid : undefined,
    close: () => http.close(),
  };
}

/** What a run may take of a server where the options do not say: a hang or a flood ends in any case. */
export interface RunLimits {
  readonly deadlineMs: number;
  readonly downloadBytes: number;
}

/** A look at the newest days: ten thousand series of one minute are some 3 GB, and take minutes. */
const LOOK: RunLimits = { deadlineMs: 15 * MINUTE_MS, downloadBytes: 4e9 };
/** Months of history; what has come by then is in the cache, and the next run continues from there. */
export const TRAINING_LIMITS: RunLimits = { deadlineMs: 2 * HOUR_MS, downloadBytes: 32e9 };

/** The client as the options want it; each request ends with Ctrl-C. */
export function openHttp(
  spec: ServerSpec,
  { signal, warn, debug, env }: Pick<Surroundings, "signal" | "warn" | "debug" | "env">,
  limits: RunLimits = LOOK,
): Http {
  if (spec.insecure) {
    warn("--insecure: certificates are not checked, so whoever stands between can read what is sent, tokens too");
  }
  for (const file of openSecretFiles(env)) warn(file);
  const { caFile, certFile, keyFile, insecure } = spec;
  const http = createHttp({
    timeoutMs: spec.timeout,
    runDeadlineMs: spec.deadline ?? limits.deadlineMs,
    maxResponseBytes: spec.maxReply,
    maxRunBytes: spec.maxDownload ?? limits.downloadBytes,
    maxConnections: spec.concurrency,
    tls: { caFile, certFile, keyFile, insecure },
    onTry: (tried) => debug(tryWords(tried)),
    userAgent: `anomaly-toolkit/${toolVersion()}`,
  });
  return {
    postForm: (url, form, call) => http.postForm(url, form, { ...call, signal }),
    postFormText: (url, form, call) => http.postFormText(url, form, { ...call, signal }),
    postJson: (url, body, call) => http.postJson(url, body, { ...call, signal }),
    patchJson: (url, body, call) => http.patchJson(url, body, { ...call, signal }),
    getJson: (url, call) => http.getJson(url, { ...call, signal }),
    getText: (url, call) => http.getText(url, { ...call, signal }),
    getDated: (url, call) => http.getDated(url, { ...call, signal }),
    close: () => http.close(),
  };
}

/** `POST graphite.example.com/render: 1.2 kB sent, 340 kB received in 85 ms`. */
function tryWords({ method, place, attempt, sentBytes, gotBytes, ms, failure }: Tried): string {
  const sent = sentBytes > 0 ? `${bytes(sentBytes)} sent, ` : "";
  const again = attempt > 1 ? `, try ${attempt}` : "";
  const failed = failure === undefined ? "" : `, failed: ${failure}`;
  return `${method} ${place}: ${sent}${bytes(gotBytes)} received in ${Math.round(ms)} ms${again}${failed}`;
}

/** Whether expressions are PromQL; behind Grafana `--query` says so. */
export function speaksPromql(kind: ServerKind, { query, template }: Pick<QuestionSpec, "query" | "template">): boolean {
  const promql = kind === "prometheus" || kind === "victoriametrics";
  if (promql && template !== undefined) {
    throw new UsageError("template", `--template is for Graphite's paths; give --source ${kind} a --query`);
  }
  if (kind === "graphite" && query.length > 0) {
    throw new UsageError("query", "--query is PromQL; give --source graphite a --template");
  }
  if (kind === "grafana" && query.length > 0 && template !== undefined) {
    throw new UsageError("query", "--query (PromQL) and --template (Graphite) exclude each other; give one of them");
  }
  return promql || query.length > 0;
}

const URL_OPTIONS = {
  graphite: ["graphiteUrl", "GRAPHITE_URL", "--graphite-url", "the address of graphite-web"],
  grafana: ["grafanaUrl", "GRAFANA_URL", "--grafana-url", "the address of Grafana"],
  prometheus: ["prometheusUrl", "PROMETHEUS_URL", "--prometheus-url", "the address of Prometheus"],
  victoriametrics: [
    "victoriametricsUrl",
    "VICTORIAMETRICS_URL",
    "--victoriametrics-url",
    "the address of VictoriaMetrics",
  ],
} as const;

/** The address of the server; @throws ConfigError naming where it is set. */
export function serverUrl(kind: ServerKind, spec: ServerSpec): string {
  const [key, variable, flag, what] = URL_OPTIONS[kind];
  const url = spec[key];
  if (url !== undefined) return url;
  throw new ConfigError(`${kind}_url`, `--source ${kind} needs ${what}; set ${variable} or ${flag}`);
}

function openSource(
  kind: ServerKind,
  url: string,
  spec: ServerSpec & QuestionSpec,
  env: Surroundings["env"],
  http: Http,
): SeriesSource {
  const { concurrency } = spec;
  const renamed: Labels = Object.fromEntries(spec.label.map(({ name, values }) => [name, values[0]]));
  if (kind === "graphite") return createGraphiteSource({ url, auth: credentialsFrom(kind, env), http, concurrency });
  if (kind !== "grafana") {
    return createPromqlSource({ server: kind, url, auth: credentialsFrom(kind, env), http, renamed, concurrency });
  }
  const { datasourceUid, via } = spec;
  if (datasourceUid === undefined) {
    throw new UsageError(
      "datasource_uid",
      "--source grafana needs --datasource-uid; it is in the address of the data source's settings page in Grafana",
    );
  }
  const language = speaksPromql(kind, spec) ? "promql" : "graphite";
  const token = secretFrom("grafanaToken", env);
  return createGrafanaSource({
    url,
    datasourceUid,
    language,
    via,
    token,
    orgId: orgIdFrom(env),
    http,
    renamed,
    concurrency,
  });
}
