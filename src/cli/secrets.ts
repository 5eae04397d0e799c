import { UsageError } from "../errors/errors.js";

/** Secrets come from the environment, or from a file that it names; never from an argument or from anomaly.yaml. */
export const SECRETS = {
  grafanaToken: { env: "GRAFANA_SERVICE_ACCOUNT_TOKEN", help: "token of a Grafana service account (role Viewer)" },
  graphitePassword: { env: "GRAPHITE_PASSWORD", help: "password for graphite-web behind basic authentication" },
  graphiteToken: { env: "GRAPHITE_TOKEN", help: "bearer token for graphite-web" },
  prometheusPassword: { env: "PROMETHEUS_PASSWORD", help: "password for Prometheus behind basic authentication" },
  prometheusToken: { env: "PROMETHEUS_TOKEN", help: "bearer token for Prometheus" },
  victoriametricsPassword: {
    env: "VICTORIAMETRICS_PASSWORD",
    help: "password for VictoriaMetrics behind basic authentication",
  },
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

/** Variables that hold a secret or the path of a file with it, for help and reference. */
export const SECRET_VARIABLES: readonly { readonly env: string; readonly help: string }[] = [
  ...Object.values(SECRETS).flatMap(({ env, help }) => [
    { env, help },
    { env: `${env}_FILE`, help: `file with the ${/token|password/.exec(help)?.[0]}, read again for each request` },
  ]),
  ...Object.values(IDENTITIES),
];

type Environment = Readonly<Record<string, string | undefined>>;

/** True where the secret is set, directly or by file. */
export function hasSecret(key: SecretKey, env: Environment): boolean {
  return (env[SECRETS[key].env] ?? "") !== "" || (env[`${SECRETS[key].env}_FILE`] ?? "") !== "";
}

const SECRET_FLAG = /^--?([a-z-]*-)?(token|password|passwd|secret|api-?key|bearer|auth|credentials?)(=|$)/i;
/** Tokens of Grafana service accounts begin so, and its older API keys are the base64 of `{"k":`. */
const GRAFANA_TOKEN = /\b(glsa_|eyJrIjoi)\w+/;
const URL_WITH_CREDENTIALS = /\bhttps?:\/\/[^/\s@]+@/i;

/** The variable that the secret belongs in, from the words around it. */
export function secretVariable(words: string): string {
  const password = /pass/i.test(words);
  if (/prometheus/i.test(words)) return SECRETS[password ? "prometheusPassword" : "prometheusToken"].env;
  if (/victoria/i.test(words)) return SECRETS[password ? "victoriametricsPassword" : "victoriametricsToken"].env;
  if (/graphite.*token/i.test(words)) return SECRETS.graphiteToken.env;
  return /graphite/i.test(words) || password ? SECRETS.graphitePassword.env : SECRETS.grafanaToken.env;
}

/**
 * Refuses arguments that carry a secret: every user of the machine can read them in the process list, and the shell
 * keeps them. The message does not repeat the secret.
 */
export function refuseSecrets(argv: readonly string[]): void {
  for (const argument of argv) {
    const flag = SECRET_FLAG.exec(argument);
    if (flag !== null || GRAFANA_TOKEN.test(argument)) {
      const name = secretVariable(argument);
      const what = flag === null ? "a Grafana token" : argument.split("=")[0];
      throw new UsageError(
        "secret",
        `${what} on the command line can be read by everyone on this machine; set ${name} or ${name}_FILE instead`,
      );
    }
    if (URL_WITH_CREDENTIALS.test(argument)) {
      throw new UsageError(
        "secret",
        "a user name or password inside an address can be read by everyone on this machine; " +
          `set ${IDENTITIES.graphiteUser.env} and ${SECRETS.graphitePassword.env}, or ${SECRETS.grafanaToken.env}, instead`,
      );
    }
  }
}
