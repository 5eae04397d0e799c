import { placeOf } from "../../http/failure.js";
import type { CallOptions, Http } from "../../http/http.js";
import type { Labels } from "../../series/series.js";
import { authHeaders, type Credentials } from "../credentials.js";
import { joinUrl } from "../join-url.js";
import type { SeriesSource } from "../source.js";
import { fetchSeries } from "./fetch-series.js";
import type { RangeTransport } from "./range-request.js";
import { decodeMatrix } from "./reply.js";
import { scanMatrix } from "./scan-matrix.js";

/** Evaluations a series that one request may ask for: Prometheus refuses more with 400, VictoriaMetrics with 422. */
export const MAX_POINTS = { prometheus: 11_000, victoriametrics: 30_000 } as const;
export type PromqlServer = keyof typeof MAX_POINTS;
export const SERVER_NAMES: Readonly<Record<PromqlServer, string>> = {
  prometheus: "Prometheus",
  victoriametrics: "VictoriaMetrics",
};
export const DEFAULT_CONCURRENCY = 4;

export interface PromqlOptions {
  readonly server: PromqlServer;
  /** Before `/api/v1`: `https://prometheus.example.com`, `https://vm.example.com/select/0/prometheus`. */
  readonly url: string;
  readonly auth?: Credentials;
  readonly http: Http;
  /** Which label of a reply another one is taken from: `{ machine: "instance" }`. */
  readonly renamed?: Labels;
  readonly concurrency?: number;
}

/** Prometheus, or what speaks its language, as a source: a target's expression is PromQL or MetricsQL. */
export function createPromqlSource(options: PromqlOptions): SeriesSource {
  const ask = queryRange(options.http, options.url, () => authHeaders(options.auth));
  const fetching = {
    server: SERVER_NAMES[options.server],
    maxPoints: MAX_POINTS[options.server],
    concurrency: options.concurrency ?? DEFAULT_CONCURRENCY,
    renamed: options.renamed ?? {},
  };
  return {
    kind: options.server,
    fetch: (query, range, onProgress) => fetchSeries(ask, query, range, fetching, onProgress),
  };
}

/** `/api/v1/query_range` at an address, by POST: long expressions do not fit into a GET. */
export function queryRange(http: Http, baseUrl: string, headers: () => CallOptions["headers"]): RangeTransport {
  const url = joinUrl(baseUrl, "api/v1/query_range");
  return async ({ expression, startMs, lastMs, stepMs }) => {
    const form = [
      ["query", expression],
      ["start", String(startMs / 1000)],
      ["end", String(lastMs / 1000)],
      ["step", String(stepMs / 1000)],
    ] as const;
    const read = (text: string) => scanMatrix(text, stepMs);
    return decodeMatrix(await http.postForm(url, form, { headers: headers(), read }), placeOf(url), stepMs);
  };
}
