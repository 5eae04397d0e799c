import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "node:tls";
import { ConfigError } from "../../errors/errors.js";

/** Where a PostgreSQL store is; the password comes from elsewhere. */
export interface PostgresAddress {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** Absent: what the environment says (PGUSER), or the name of the account. */
  readonly user?: string;
  /** The schema that holds the tables. */
  readonly schema: string;
  readonly poolSize: number;
  readonly tls: TlsMode;
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
}

/** As libpq names them: without, without checking who answers, checking its certificate, and its host name too. */
const TLS_MODES = ["disable", "require", "verify-ca", "verify-full"] as const;
export type TlsMode = (typeof TLS_MODES)[number];

const PARAMETERS = ["sslmode", "sslrootcert", "sslcert", "sslkey", "schema", "pool"] as const;
const DEFAULT_PORT = 5432;
const DEFAULT_SCHEMA = "anomaly";
/** A run reads and writes one after the other; more connections only matter to `serve` with many pages open. */
const DEFAULT_POOL = 4;
const LARGEST_POOL = 100;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])$/;

export function isPostgresUrl(text: string): boolean {
  return /^postgres(ql)?:\/\//.test(text);
}

/**
 * Reads `postgres://user@host:port/database?sslmode=verify-full&sslrootcert=ca.pem`. Default of `sslmode`: `verify-full`, on
 * loopback and sockets `disable`.
 *
 * @throws ConfigError, never with the address in it: it may hold a password by mistake.
 */
export function parseAddress(text: string): PostgresAddress {
  const wrong = (needed: string) => new ConfigError("store", `the address of the store ${needed}`);
  if (!isPostgresUrl(text) || !URL.canParse(text)) throw wrong("must be such as postgres://user@host:5432/database");
  const url = new URL(text);
  if (url.password !== "") {
    throw wrong("must not hold the password; set ANOMALY_STORE_PASSWORD or ANOMALY_STORE_PASSWORD_FILE instead");
  }
  const database = decodeURIComponent(url.pathname.slice(1));
  if (database === "" || database.includes("/"))
    throw wrong("needs the name of one database, as in postgres://user@host/database");
  for (const name of url.searchParams.keys()) {
    if (!(PARAMETERS as readonly string[]).includes(name)) {
      throw wrong(`has the parameter "${name}", which is not one of ${PARAMETERS.join(", ")}`);
    }
  }
  const parameter = (name: (typeof PARAMETERS)[number]) => url.searchParams.get(name) ?? undefined;
  const host = url.hostname === "" ? "localhost" : decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, "$1");
  const isNear = LOOPBACK.test(host) || host.startsWith("/");
  const tls = parameter("sslmode") ?? (isNear ? "disable" : "verify-full");
  if (!isTlsMode(tls)) throw wrong(`has an sslmode that is not one of ${TLS_MODES.join(", ")}`);
  const schema = parameter("schema") ?? DEFAULT_SCHEMA;
  // It becomes part of statements.
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) throw wrong("needs a schema of small letters, digits and underscores");
  const poolSize = Number(parameter("pool") ?? DEFAULT_POOL);
  // One connection may hold a transaction while another reads.
  if (!(Number.isInteger(poolSize) && poolSize >= 2 && poolSize <= LARGEST_POOL)) {
    throw wrong(`needs a pool of 2 to ${LARGEST_POOL} connections`);
  }
  return {
    host,
    port: url.port === "" ? DEFAULT_PORT : Number(url.port),
    database,
    ...(url.username !== "" && { user: decodeURIComponent(url.username) }),
    schema,
    poolSize,
    tls,
    ...(parameter("sslrootcert") && { caFile: parameter("sslrootcert") }),
    ...(parameter("sslcert") && { certFile: parameter("sslcert") }),
    ...(parameter("sslkey") && { keyFile: parameter("sslkey") }),
  };
}

/** The address for people: without user and parameters. */
export function shownAddress({ host, port, database, schema }: PostgresAddress): string {
  return `postgres://${host.includes(":") ? `[${host}]` : host}:${port}/${database} (schema ${schema})`;
}

/** @throws ConfigError for a certificate that cannot be read. */
export function tlsOptions({ tls, caFile, certFile, keyFile, host }: PostgresAddress): ConnectionOptions | false {
  if (tls === "disable") return false;
  return {
    rejectUnauthorized: tls !== "require",
    // The chain is checked in both; only verify-full asks for the name as well.
    ...(tls === "verify-ca" && { checkServerIdentity: () => undefined }),
    ...(tls === "verify-full" && !/^[\d.]+$|:/.test(host) && { servername: host }),
    ...(caFile && { ca: readPem(caFile) }),
    ...(certFile && { cert: readPem(certFile) }),
    ...(keyFile && { key: readPem(keyFile) }),
  };
}

function readPem(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new ConfigError(
      "store",
      `cannot read ${path}, which the address of the store names; check the path and its rights`,
      {
        cause,
      },
    );
  }
}

function isTlsMode(text: string): text is TlsMode {
  return (TLS_MODES as readonly string[]).includes(text);
}
