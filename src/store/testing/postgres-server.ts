import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  appendFileSync,
  chownSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { freePorts, until } from "../../sources/testing/child-servers.js";

/** Debian keeps each version apart and none of them in PATH. */
const VERSIONS = "/usr/lib/postgresql";
const PASSWORD = "of-the-test";

export interface PostgresServer {
  /** `postgres://tester@127.0.0.1:…/postgres`; tests take a schema each. */
  readonly url: string;
  readonly password: string;
  /** Ends all connections at once and starts again at the same address. */
  readonly restart: () => Promise<void>;
  /** Starts again with a certificate and its key, PEM: who connects may use TLS from then on. */
  readonly withTls: (certificate: string, key: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

const binaries = (): string | undefined =>
  existsSync(VERSIONS)
    ? readdirSync(VERSIONS)
        .map((version) => join(VERSIONS, version, "bin"))
        .find((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres")))
    : undefined;

/** PostgreSQL refuses to run as root; its package makes an account for it. */
const account = (): { readonly uid: number; readonly gid: number } | undefined => {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = ["-u", "-g"].map((what) => Number(execFileSync("id", [what, "postgres"], { encoding: "utf8" })));
  return { uid, gid };
};

/** Whether Debian's postgresql is installed. */
export const postgresAvailable = () => binaries() !== undefined;

/** A real PostgreSQL on loopback, with a password and nothing in it. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = binaries();
  if (folder === undefined) throw new Error("PostgreSQL is not installed");
  const home = mkdtempSync(join(tmpdir(), "anomaly-postgres-"));
  const as = account();
  if (as !== undefined) chownSync(home, as.uid, as.gid);
  const data = join(home, "data");
  execFileSync(
    "sh",
    [
      "-c",
      'printf %s "$3" > "$2/pw" && exec "$1/initdb" -D "$2/data" -U tester -A scram-sha-256 --pwfile "$2/pw" -N',
      "sh",
      folder,
      home,
      PASSWORD,
    ],
    { ...as, cwd: home, stdio: "pipe", env: { LC_ALL: "C.UTF-8", PATH: process.env["PATH"] } },
  );
  const [port] = await freePorts(1);
  const log = openSync(join(home, "server.log"), "a");
  let child: ChildProcess;
  const up = async () => {
    const settings = [`port=${port}`, "listen_addresses=127.0.0.1", `unix_socket_directories=${home}`, "fsync=off"];
    child = spawn(join(folder, "postgres"), ["-D", data, ...settings.flatMap((setting) => ["-c", setting])], {
      ...as,
      cwd: home,
      stdio: ["ignore", log, log],
    });
    await until(() => accepts(port), [child], "postgres");
  };
  const down = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    // Fast shutdown: connections are ended, and not waited for.
    child.kill("SIGINT");
    await ended;
  };
  await up();
  return {
    url: `postgres://tester@127.0.0.1:${port}/postgres`,
    password: PASSWORD,
    withTls: async (certificate, key) => {
      for (const [name, content] of [
        ["server.crt", certificate],
        ["server.key", key],
      ]) {
        const path = join(data, name);
        writeFileSync(path, content, { mode: 0o600 });
        if (as !== undefined) chownSync(path, as.uid, as.gid);
      }
      appendFileSync(join(data, "postgresql.conf"), "ssl = on\n");
      await down();
      await up();
    },
    restart: async () => {
      await down();
      await up();
    },
    stop: async () => {
      await down();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** It listens a while before it lets anyone in. */
async function accepts(port: number): Promise<boolean> {
  const client = new pg.Client({ host: "127.0.0.1", port, user: "tester", database: "postgres", password: PASSWORD });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
