import { statSync } from "node:fs";
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

/** Bits of a file's mode that let its group or everyone read it. */
const READABLE_BY_OTHERS = 0o044;

/** In a sentence each: files of secrets that others on this machine can read. Where files have no such modes there are none. */
export function openSecretFiles(env: Environment): readonly string[] {
  if (process.platform === "win32") return [];
  return Object.values(SECRETS).flatMap(({ env: name }) => {
    const path = env[`${name}_FILE`];
    if ((env[name] ?? "") !== "" || path === undefined || path === "") return [];
    const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
    if ((mode & READABLE_BY_OTHERS) === 0) return [];
    return [`${path} (${name}_FILE) can be read by others (mode ${(mode & 0o777).toString(8)}); run chmod 600 ${path}`];
  });
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
