import { placeOf } from "../../http/failure.js";
import type { Http } from "../../http/http.js";
import type { Labels } from "../../series/series.js";
import { authHeaders, type Secret } from "../credentials.js";
import { fetchSeries as fetchFromGraphite, type RenderTransport } from "../graphite/fetch-series.js";
import { renderByForm } from "../graphite/render-form.js";
import { DEFAULT_CONCURRENCY } from "../graphite/source.js";
import { joinUrl } from "../join-url.js";
import { fetchSeries as fetchPromql } from "../promql/fetch-series.js";
import { MAX_POINTS, queryRange } from "../promql/source.js";
import type { FetchResult, SeriesSource } from "../source.js";
import { graphiteByQuery, promqlByQuery, type QueryApi } from "./query-api.js";
import { chooseWay, type Via, type Ways } from "./second-way.js";
import { inGrafanasWords, type Way } from "./words.js";

export interface GrafanaOptions {
  /** Of Grafana itself: `https://grafana.example.com`. */
  readonly url: string;
  /** The uid of the data source; it is in the address of the data source's settings page. */
  readonly datasourceUid: string;
  /** What the data source behind it speaks. Default: Graphite. */
  readonly language?: "graphite" | "promql";
  /** Default: `auto`. */
  readonly via?: Via;
  /** Of a service account with the right to query the data source. */
  readonly token?: Secret;
  readonly orgId?: number;
  readonly http: Http;
  readonly renamed?: Labels;
  readonly maxTargetsPerRequest?: number;
  readonly concurrency?: number;
}

/** The headers that tell Grafana who asks and for which organisation; a token file is read again each time. */
export function grafanaHeaders({ token, orgId }: Pick<GrafanaOptions, "token" | "orgId">): Record<string, string> {
  return {
    ...authHeaders(token === undefined ? undefined : { kind: "bearer", token }),
    ...(orgId === undefined ? {} : { "x-grafana-org-id": String(orgId) }),
  };
}

/** A data source behind Grafana as a source; expressions are Graphite's, or PromQL. */
export function createGrafanaSource(options: GrafanaOptions): SeriesSource {
  const { http, url, datasourceUid } = options;
  const headers = () => grafanaHeaders(options);
  const proxyUrl = joinUrl(url, `api/datasources/proxy/uid/${encodeURIComponent(datasourceUid)}`);
  const api: QueryApi = { http, url, datasourceUid, headers };
  const concurrency = options.concurrency ?? DEFAULT_CONCURRENCY;
  let secondWay = false;
  const host = placeOf(url).replace(/\/$/, "");
  const inWords =
    <Request, Answer>(ask: (request: Request) => Promise<Answer>, way: Way) =>
    (request: Request) =>
      ask(request).catch((error: unknown) => {
        throw inGrafanasWords(error, host, datasourceUid, way);
      });
  const open = <Request, Answer>({ proxy, query }: Ways<Request, Answer>) =>
    chooseWay(
      { proxy: inWords(proxy, "its data-source proxy"), query: inWords(query, "its query API") },
      options.via ?? "auto",
      () => {
        secondWay = true;
      },
    );
  const told = (result: FetchResult): FetchResult =>
    secondWay ? { ...result, notes: [...result.notes, SECOND_WAY] } : result;

  if (options.language === "promql") {
    const ask = open({ proxy: queryRange(http, proxyUrl, headers), query: promqlByQuery(api) });
    const fetching = {
      server: "Grafana's data source",
      // What is behind the proxy is not known, so the smaller limit holds.
      maxPoints: MAX_POINTS.prometheus,
      concurrency,
      renamed: options.renamed ?? {},
    };
    return {
      kind: "grafana",
      fetch: async (query, range, onProgress) => told(await fetchPromql(ask, query, range, fetching, onProgress)),
    };
  }
  const render: RenderTransport = open({
    proxy: renderByForm(http, joinUrl(proxyUrl, "render"), headers),
    query: graphiteByQuery(api),
  });
  const batches = { size: options.maxTargetsPerRequest, concurrency };
  return {
    kind: "grafana",
    fetch: async (query, range, onProgress) => told(await fetchFromGraphite(render, query, range, batches, onProgress)),
  };
}

const SECOND_WAY = "Grafana's data-source proxy answered 403, so its query API is used; --via query asks that at once";
