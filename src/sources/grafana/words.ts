import { SourceError } from "../../errors/errors.js";

/** What the general failures mean when it is Grafana that answers; the code stays. */
export function inGrafanasWords(error: unknown, host: string, uid: string): unknown {
  if (!(error instanceof SourceError)) return error;
  const words: Readonly<Record<string, string>> = {
    unauthorised: `Grafana at ${host} answered 401: the service account token is missing, wrong or expired; make a new one and set GRAFANA_SERVICE_ACCOUNT_TOKEN`,
    forbidden: `Grafana at ${host} answered 403: the service account may not query the data source ${uid} through the proxy; give it the right "datasources:query" (role Viewer or higher)`,
    not_found: `Grafana at ${host} answered 404: it has no data source with the uid ${uid}; the uid stands in the address of the data source's settings page`,
    html: `Grafana at ${host} answered with a web page instead of JSON, as its log-in page is one; check the address and the service account token`,
    unavailable: `Grafana at ${host} answered that the data source ${uid} behind it is not available; check the server that it asks`,
  };
  const said = words[error.code.replace("source.", "")];
  return said === undefined ? error : new SourceError(error.code.replace("source.", ""), said, { cause: error });
}
