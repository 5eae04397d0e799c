import type { Finding } from "./finding.js";

/** What a Graphite or a Prometheus goes by in Grafana, with the flavours that speak the same language. */
const SPEAKS: Readonly<Record<"graphite" | "promql", RegExp>> = {
  graphite: /^graphite$/,
  promql: /prometheus|victoriametrics-metrics/,
};
const ASKED = { graphite: "--template (Graphite's paths)", promql: "--query (PromQL)" } as const;

/**
 * Whether a data source of Grafana speaks the language that it is asked in.
 *
 * @param json of `GET /api/datasources/uid/<uid>`.
 */
export function checkDatasource(json: unknown, uid: string, language: "graphite" | "promql"): Finding {
  const { type, name } = (json ?? {}) as { type?: unknown; name?: unknown };
  if (typeof type !== "string") {
    return { check: "datasource", verdict: "unknown", says: `Grafana does not say what kind of data source ${uid} is` };
  }
  const which = `${typeof name === "string" ? `"${name}"` : uid} is of the type ${type}`;
  if (SPEAKS[language].test(type)) return { check: "datasource", verdict: "ok", says: which };
  const other = language === "graphite" ? "promql" : "graphite";
  const says = SPEAKS[other].test(type)
    ? `${which} and is queried with ${ASKED[language]}; give ${ASKED[other]}, or the uid of another data source`
    : `${which}, which is neither a Graphite nor a Prometheus; give the uid of one of those`;
  return { check: "datasource", verdict: "failed", says };
}
