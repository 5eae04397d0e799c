import { placeOf } from "../../http/failure.js";
import type { Http } from "../../http/http.js";
import { authHeaders, type Credentials } from "../credentials.js";
import type { SeriesSource } from "../source.js";
import { fetchSeries } from "./fetch-series.js";

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

/** `https://host/path/` + `/render`, whatever slashes the parts bring. */
export function joinUrl(base: string, path: string): string {
  return `${base.replace(/\/+$/, "")}/${path}`;
}

/** Graphite itself as a source: a target's expression is any Graphite expression. */
export function createGraphiteSource(options: GraphiteOptions): SeriesSource {
  const url = joinUrl(options.url, "render");
  const batches = {
    size: options.maxTargetsPerRequest ?? DEFAULT_TARGETS_PER_REQUEST,
    concurrency: options.concurrency ?? DEFAULT_CONCURRENCY,
  };
  const transport = {
    place: placeOf(url),
    render: (form: Parameters<Http["postForm"]>[1]) =>
      options.http.postForm(url, form, { headers: authHeaders(options.auth) }),
  };
  return {
    kind: "graphite",
    fetch: (query, range, onProgress) => fetchSeries(transport, query, range, batches, onProgress),
  };
}
