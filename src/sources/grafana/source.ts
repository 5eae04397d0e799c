import { SourceError } from "../../errors/errors.js";
import { placeOf } from "../../http/failure.js";
import type { Form, Http } from "../../http/http.js";
import { authHeaders, type Secret } from "../credentials.js";
import { fetchSeries } from "../graphite/fetch-series.js";
import { DEFAULT_CONCURRENCY, DEFAULT_TARGETS_PER_REQUEST, joinUrl } from "../graphite/source.js";
import type { SeriesSource } from "../source.js";

export interface GrafanaOptions {
  /** Of Grafana itself: `https://grafana.example.com`. */
  readonly url: string;
  /** The uid of the Graphite data source; it stands in the address of the data source's settings page. */
  readonly datasourceUid: string;
  /** Of a service account with the right to query the data source. */
  readonly token?: Secret;
  readonly orgId?: number;
  readonly http: Http;
  readonly maxTargetsPerRequest?: number;
  readonly concurrency?: number;
}

/** A Graphite behind Grafana's data-source proxy as a source; expressions and replies are Graphite's own. */
export function createGrafanaSource(options: GrafanaOptions): SeriesSource {
  const uid = encodeURIComponent(options.datasourceUid);
  const url = joinUrl(options.url, `api/datasources/proxy/uid/${uid}/render`);
  const batches = {
    size: options.maxTargetsPerRequest ?? DEFAULT_TARGETS_PER_REQUEST,
    concurrency: options.concurrency ?? DEFAULT_CONCURRENCY,
  };
  const render = async (form: Form) => {
    const headers = {
      ...authHeaders(options.token === undefined ? undefined : { kind: "bearer", token: options.token }),
      ...(options.orgId === undefined ? {} : { "x-grafana-org-id": String(options.orgId) }),
    };
    try {
      return await options.http.postForm(url, form, { headers });
    } catch (error) {
      throw inGrafanasWords(error, placeOf(options.url).replace(/\/$/, ""), options.datasourceUid);
    }
  };
  return {
    kind: "grafana",
    fetch: (query, range, onProgress) =>
      fetchSeries({ place: placeOf(url), render }, query, range, batches, onProgress),
  };
}

/** What the general failures mean when it is Grafana that answers; the code stays. */
function inGrafanasWords(error: unknown, host: string, uid: string): unknown {
  if (!(error instanceof SourceError)) return error;
  const words: Readonly<Record<string, string>> = {
    unauthorised: `Grafana at ${host} answered 401: the service account token is missing, wrong or expired; make a new one and set GRAFANA_SERVICE_ACCOUNT_TOKEN`,
    forbidden: `Grafana at ${host} answered 403: the service account may not query the data source ${uid} through the proxy; give it the right "datasources:query" (role Viewer or higher)`,
    not_found: `Grafana at ${host} answered 404: it has no data source with the uid ${uid}; the uid stands in the address of the data source's settings page`,
    html: `Grafana at ${host} answered with a web page instead of JSON, as its log-in page is one; check the address and the service account token`,
    unavailable: `Grafana at ${host} answered that the data source ${uid} behind it is not available; check the Graphite that it asks`,
  };
  const said = words[error.code.replace("source.", "")];
  return said === undefined ? error : new SourceError(error.code.replace("source.", ""), said, { cause: error });
}
