import { ConfigError } from "../../errors/errors.js";
import type { Credentials, Secret } from "../../sources/credentials.js";
import { IDENTITIES, SECRETS, type SecretKey } from "./secrets.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** Servers that are asked with a bearer token, or with a user and a password. */
export type KeyedServer = "graphite" | "prometheus" | "victoriametrics";

const KEYS = {
  graphite: ["graphiteUser", "graphitePassword", "graphiteToken"],
  prometheus: ["prometheusUser", "prometheusPassword", "prometheusToken"],
  victoriametrics: ["victoriametricsUser", "victoriametricsPassword", "victoriametricsToken"],
} as const satisfies Readonly<Record<KeyedServer, readonly [keyof typeof IDENTITIES, SecretKey, SecretKey]>>;

/** The secret itself where the variable holds it, else the file that is read again at each request. */
export function secretFrom(key: SecretKey, env: Environment): Secret | undefined {
  const { env: name } = SECRETS[key];
  const direct = env[name];
  if (direct !== undefined && direct !== "") return direct;
  const file = env[`${name}_FILE`];
  return file === undefined || file === "" ? undefined : { file };
}

/** What the environment says for a server; @throws ConfigError where a user has no password, or the other way round. */
export function credentialsFrom(server: KeyedServer, env: Environment): Credentials | undefined {
  const [userKey, passwordKey, tokenKey] = KEYS[server];
  const token = secretFrom(tokenKey, env);
  if (token !== undefined) return { kind: "bearer", token };
  const user = env[IDENTITIES[userKey].env] || undefined;
  const password = secretFrom(passwordKey, env);
  if (user !== undefined && password !== undefined) return { kind: "basic", user, password };
  if (user === undefined && password === undefined) return undefined;
  const names = [SECRETS[passwordKey].env, IDENTITIES[userKey].env];
  const [is, isNot] = user === undefined ? names : names.reverse();
  throw new ConfigError(`${server}_user`, `${is} is set without ${isNot}; set both`);
}

/** The number of the Grafana organisation; @throws ConfigError where it is none. */
export function orgIdFrom(env: Environment): number | undefined {
  const text = env[IDENTITIES.grafanaOrgId.env];
  if (text === undefined || text === "") return undefined;
  if (!/^\d+$/.test(text)) {
    throw new ConfigError(
      "org_id",
      `${IDENTITIES.grafanaOrgId.env} is "${text}" and must be a number, as Grafana's page of organisations shows it`,
    );
  }
  return Number(text);
}
