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
  /** Targets in one request; absent: as many as give an answer of some 6 MB. */
  readonly maxTargetsPerRequest?: number;
  /** Requests at a time. */
  readonly concurrency?: number;
}

export const DEFAULT_CONCURRENCY = 4;

/** Graphite itself as a source: a target's expression is any Graphite expression. */
export function createGraphiteSource(options: GraphiteOptions): SeriesSource {
  const render = renderByForm(options.http, joinUrl(options.url, "render"), () => authHeaders(options.auth));
  const batches = {
    size: options.maxTargetsPerRequest,
    concurrency: options.concurrency ?? DEFAULT_CONCURRENCY,
  };
  return {
    kind: "graphite",
    fetch: (query, range, onProgress) => fetchSeries(render, query, range, batches, onProgress),
  };
}
