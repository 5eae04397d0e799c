import pg from "pg";
import { type AnomalyError, LockedError, OutputError } from "../../errors/errors.js";
import { type PostgresAddress, shownAddress, tlsOptions } from "./address.js";

/** Asks the server; what goes wrong is an error in words. */
export type Ask = (text: string, values?: readonly (string | number | null)[]) => Promise<pg.QueryResult>;

export interface Session {
  /** On any connection. */
  readonly ask: Ask;
  /** One connection for all that the work asks. */
  readonly withConnection: <R>(work: (ask: Ask) => Promise<R>) => Promise<R>;
  readonly end: () => Promise<void>;
}

export interface SessionOptions {
  readonly password: string | undefined;
  /** How long a lock is waited for. */
  readonly patienceMs: number;
}

const CONNECT_MS = 10_000;
/** A process that hangs within a transaction must not stop all others. */
const HUNG_MS = 60_000;
/** SQLSTATE of a lock that was not given in time. */
const LOCK_NOT_AVAILABLE = "55P03";

export function openSession(address: PostgresAddress, { password, patienceMs }: SessionOptions): Session {
  const place = shownAddress(address);
  const pool = new pg.Pool({
    host: address.host,
    port: address.port,
    database: address.database,
    user: address.user,
    password,
    ssl: tlsOptions(address),
    max: address.poolSize,
    connectionTimeoutMillis: CONNECT_MS,
    lock_timeout: patienceMs,
    idle_in_transaction_session_timeout: HUNG_MS,
    application_name: "anomaly",
    // A command ends when its work does, whatever connections are idle.
    allowExitOnIdle: true,
  });
  // Idle connections are lost when the server restarts; the pool makes new ones.
  pool.on("error", () => undefined);
  const inWords = <R>(reply: Promise<R>): Promise<R> =>
    reply.catch((thrown) => {
      throw errorInWords(thrown, place, patienceMs);
    });
  return {
    ask: (text, values = []) => inWords(pool.query(text, [...values])),
    withConnection: async (work) => {
      const client = await inWords(pool.connect());
      // Lost while it is ours: the query under way fails and says so.
      const ignore = () => undefined;
      client.on("error", ignore);
      let isBroken = false;
      try {
        return await work((text, values = []) =>
          inWords(client.query(text, [...values])).catch((failure) => {
            isBroken = true;
            throw failure;
          }),
        );
      } finally {
        client.off("error", ignore);
        // A connection on which something failed is closed: nobody knows where it stands.
        client.release(isBroken);
      }
    },
    end: () => pool.end(),
  };
}

/** Never with the password: the server's messages hold none, and of the address only host and database are shown. */
function errorInWords(thrown: unknown, place: string, patienceMs: number): AnomalyError {
  const { message, code } = thrown as { readonly message: string; readonly code?: string };
  if (code === LOCK_NOT_AVAILABLE) {
    return new LockedError(`another process has been writing ${place} for ${patienceMs / 1000} s; wait until it ends`, {
      cause: thrown,
    });
  }
  return new OutputError("store", `the store ${place}: ${failureWords(message, code)}`, { cause: thrown });
}

function failureWords(message: string, code: string | undefined): string {
  if (code === "28P01" || code === "28000" || /SASL|password/i.test(message)) {
    return "the server does not accept user and password; check ANOMALY_STORE_PASSWORD and the user in the address";
  }
  if (code === "ECONNREFUSED" || code === "ENOTFOUND" || /timeout/i.test(message)) {
    return `nobody answers (${code ?? message}); check that the server runs, and host and port`;
  }
  if (/does not support SSL/.test(message)) {
    return "the server offers no TLS; switch it on there, or give sslmode=disable where the network between is safe";
  }
  return `${message}; check the server and the rights of the user`;
}
