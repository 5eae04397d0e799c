import { SourceError } from "../../errors/errors.js";

/** How Grafana was asked, in words. */
export type Way = "its data-source proxy" | "its query API";

/** The same for what is read of Grafana itself: a dashboard, the type of a data source. `right` is what the account then lacks. */
export function inApiWords(error: unknown, host: string, what: string, right = "to read it"): unknown {
  if (!(error instanceof SourceError)) return error;
  const { said } = error;
  const code = error.code.replace("source.", "");
  const quoted = said === "" ? "" : ` (${said})`;
  const failure = (words: string) => new SourceError(code, words, { cause: error, said });
  switch (code) {
    case "unauthorised":
      return unauthorised(error, host);
    case "forbidden":
      return failure(
        `Grafana at ${host} answered 403${quoted}: the service account may not read ${what}; give it the right ${right}`,
      );
    case "not_found":
      return failure(
        `Grafana at ${host} answered 404${quoted}: there is no such thing as ${what}; check the uid and the address of Grafana`,
      );
    default:
      return error;
  }
}

function unauthorised(cause: SourceError, host: string): SourceError {
  const { said } = cause;
  const quoted = said === "" ? "" : ` (${said})`;
  const advice = /organi[sz]ation/i.test(said)
    ? "the token is of another organisation than GRAFANA_ORG_ID says; unset it, or set a token of that organisation"
    : "the service account token is missing, wrong, expired or of another organisation; make a new one and set GRAFANA_SERVICE_ACCOUNT_TOKEN";
  return new SourceError("unauthorised", `Grafana at ${host} answered 401${quoted}: ${advice}`, { cause, said });
}

/** What the general failures mean when it is Grafana that answers; the code stays, but where it says something else then. */
export function inGrafanasWords(error: unknown, host: string, uid: string, way: Way): unknown {
  if (!(error instanceof SourceError)) return error;
  const { said } = error;
  const code = error.code.replace("source.", "");
  const quoted = said === "" ? "" : ` (${said})`;
  const failure = (words: string, other = code) => new SourceError(other, words, { cause: error, said });
  switch (code) {
    case "unauthorised":
      return unauthorised(error, host);
    case "forbidden":
      // Grafana lets its proxy POST to a Prometheus only what Prometheus is asked with: the data source is of another kind.
      if (/non allow-listed POST/i.test(said)) {
        return failure(
          `Grafana at ${host} answered 403${quoted}: the data source ${uid} is a Prometheus and was queried as a Graphite; give --query in place of --template, or the uid of the Graphite`,
          "datasource_type",
        );
      }
      return failure(
        `Grafana at ${host} answered 403${quoted}: the service account may not query the data source ${uid} through ${way}; give it the right "datasources:query" (role Viewer or higher)`,
      );
    case "not_found":
      if (/(unable to find|not found).*data ?source|data ?source.*not found/i.test(said)) {
        return failure(
          `Grafana at ${host} answered 404: it has no data source with the uid ${uid}; the uid is in the address of the data source's settings page`,
        );
      }
      return failure(
        `Grafana at ${host} answered 404${quoted}: neither it nor the data source ${uid} has what was requested; check the address of Grafana, and in its settings the address and the type of the data source`,
      );
    case "html":
      return failure(
        `Grafana at ${host} answered with a web page instead of JSON, as its log-in page is one; check the address and the service account token`,
      );
    case "unavailable":
      return failure(
        `Grafana at ${host} answered that the data source ${uid} behind it is not available${quoted}; check the server that it queries`,
      );
    default:
      return error;
  }
}
