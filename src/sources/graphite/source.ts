import type { Http } from "../../http/http.js";
import { authHeaders, type Credentials } from "../credentials.js";
import { joinUrl } from "../join-url.js";
import type { SeriesSource } from "../source.js";
import { fetchSeries } from "./fetch-series.js";
import { renderByForm } from "./render-form.js";

export interface GraphiteOptions {
  /** Of graphite-web, without `/render`: `https://graphite.example.com`. */
  readonly url: string;
  readonly auth?: Credentials;
  readonly http: Http;
  /** Targets in one request. 50 series of a week of minutes are some 12 MB of JSON. */
  readonly maxTargetsPerRequest?: number;
  /** Requests at a time. */
  readonly concurrency?: number;
}

export const DEFAULT_TARGETS_PER_REQUEST = 50;
export const DEFAULT_CONCURRENCY = 4;

/** Graphite itself as a source: a target's expression is any Graphite expression. */
export function createGraphiteSource(options: GraphiteOptions): SeriesSource {
  const render = renderByForm(options.http, joinUrl(options.url, "render"), () => authHeaders(options.auth));
  const batches = {
    size: options.maxTargetsPerRequest ?? DEFAULT_TARGETS_PER_REQUEST,
    concurrency: options.concurrency ?? DEFAULT_CONCURRENCY,
  };
  return {
    kind: "graphite",
    fetch: (query, range, onProgress) => fetchSeries(render, query, range, batches, onProgress),
  };
}
