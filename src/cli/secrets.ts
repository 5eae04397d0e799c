import { UsageError } from "../errors/errors.js";
import { IDENTITIES, SECRETS } from "../runs/source/secrets.js";

/** Variables that hold a secret or the path of a file with it, for help and reference. */
export const SECRET_VARIABLES: readonly { readonly env: string; readonly help: string }[] = [
  ...Object.values(SECRETS).flatMap(({ env, help }) => [
    { env, help },
    { env: `${env}_FILE`, help: `file with the ${/token|password/.exec(help)?.[0]}, read again for each request` },
  ]),
  ...Object.values(IDENTITIES),
];

const SECRET_FLAG = /^--?([a-z-]*-)?(token|password|passwd|secret|api-?key|bearer|auth|credentials?)(=|$)/i;
/** Tokens of Grafana service accounts begin so, and its older API keys are the base64 of `{"k":`. */
const GRAFANA_TOKEN = /\b(glsa_|eyJrIjoi)\w+/;
/** A user is no secret there, and needed. */
const STORE_WITH_PASSWORD = /\bpostgres(ql)?:\/\/[^/\s@]*:[^/\s]*@/i;
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
    if (STORE_WITH_PASSWORD.test(argument)) {
      const { env } = SECRETS.storePassword;
      throw new UsageError(
        "secret",
        `a password inside an address can be read by everyone on this machine; set ${env} or ${env}_FILE instead`,
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
