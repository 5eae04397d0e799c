/** Secrets come from the environment, or from a file that it names; never from an argument or from anomaly.yaml. */
export const SECRETS = {
  grafanaToken: {
    env: "GRAFANA_SERVICE_ACCOUNT_TOKEN",
    help: "token of a Grafana service account (role Viewer; Editor for serve --annotate)",
  },
  graphitePassword: { env: "GRAPHITE_PASSWORD", help: "password for graphite-web behind basic authentication" },
  graphiteToken: { env: "GRAPHITE_TOKEN", help: "bearer token for graphite-web" },
  prometheusPassword: { env: "PROMETHEUS_PASSWORD", help: "password for Prometheus behind basic authentication" },
  prometheusToken: { env: "PROMETHEUS_TOKEN", help: "bearer token for Prometheus" },
  victoriametricsPassword: {
    env: "VICTORIAMETRICS_PASSWORD",
    help: "password for VictoriaMetrics behind basic authentication",
  },
  storePassword: { env: "ANOMALY_STORE_PASSWORD", help: "password for the PostgreSQL of --store" },
  victoriametricsToken: { env: "VICTORIAMETRICS_TOKEN", help: "bearer token for VictoriaMetrics" },
} as const;
export type SecretKey = keyof typeof SECRETS;

/** Not secret, and still only useful beside one: they are read from the environment alone. */
export const IDENTITIES = {
  grafanaOrgId: { env: "GRAFANA_ORG_ID", help: "number of the Grafana organisation" },
  graphiteUser: { env: "GRAPHITE_USER", help: "user name for graphite-web behind basic authentication" },
  prometheusUser: { env: "PROMETHEUS_USER", help: "user name for Prometheus behind basic authentication" },
  victoriametricsUser: {
    env: "VICTORIAMETRICS_USER",
    help: "user name for VictoriaMetrics behind basic authentication",
  },
} as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** True where the secret is set, directly or by file. */
export function hasSecret(key: SecretKey, env: Environment): boolean {
  return (env[SECRETS[key].env] ?? "") !== "" || (env[`${SECRETS[key].env}_FILE`] ?? "") !== "";
}
