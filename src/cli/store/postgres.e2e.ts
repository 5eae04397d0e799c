import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type PostgresServer, postgresAvailable, startPostgres } from "../../store/testing/postgres-server.js";
import { ensureBuilt, freshFolder } from "../testing/built.js";

const PASSWORD_NOWHERE = /of-the-test/;

describe.skipIf(!postgresAvailable())(
  "commands on PostgreSQL (skipped where Debian's postgresql is not installed)",
  { timeout: 600_000 },
  () => {
    let place: { folder: string; path: string };
    let server: PostgresServer;

    const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}, input = "") => {
      const done = spawnSync("anomaly", args, {
        cwd: place.folder,
        env: { PATH: place.path, ...env },
        encoding: "utf8",
        input,
      });
      expect(`${done.stdout}${done.stderr}`).not.toMatch(PASSWORD_NOWHERE);
      return done;
    };
    const withPassword = () => ({ ANOMALY_STORE: server.url, ANOMALY_STORE_PASSWORD: server.password });
    const good = (args: readonly string[], env?: Readonly<Record<string, string>>, input?: string) => {
      const done = run(args, env, input);
      expect(done.status, done.stderr).toBe(0);
      return done.stdout;
    };

    beforeAll(async () => {
      ensureBuilt();
      place = freshFolder();
      server = await startPostgres();
    }, 600_000);
    afterAll(async () => {
      await server?.stop();
      if (place !== undefined) rmSync(place.folder, { recursive: true });
    });

    test("infer, verdicts and history hold what the store of files holds, and each imports into the other", () => {
      const infer = ["infer", "data/fleet", "--lookback", "4d", "--detector", "residual", "-o"];
      good([...infer, "out/files.ndjson"]);
      good([...infer, "out/postgres.ndjson", "--state-dir", "out/other"], withPassword());
      const seen = (env = {}) =>
        (JSON.parse(good(["history", "--json"], env)) as { record: object; found_at: string }[]).map(({ record }) => ({
          ...record,
          detected_at: "",
        }));
      expect(seen().length).toBeGreaterThan(3);
      expect(seen(withPassword())).toEqual(seen());
      const [{ id }] = JSON.parse(good(["history", "--json", "--limit", "1"]));
      good(["verdict", id, "false", "--note", "backup"], withPassword());
      good(["silence", "add", "--match", "machine=n2*", "--for", "2h"], withPassword());
      const exported = good(["store", "export"], withPassword());
      good(["store", "import", "-", "--store", "out/copy.db"], {}, exported);
      expect(good(["store", "export", "--store", "out/copy.db"])).toBe(exported);
      good(["store", "import", "-", "--store", "out/copy"], {}, good(["store", "export", "--store", "out/copy.db"]));
      expect(good(["store", "export", "--store", "out/copy"])).toBe(exported);
      good(["store", "check"], withPassword());
      good(["store", "vacuum", "--store-keep", "1d"], withPassword());
      expect(JSON.parse(good(["history", "--json"], withPassword()))).toEqual([]);
    });

    test("the password comes from a file too, and what is wrong is said without it and the address", () => {
      const file = join(place.folder, "password");
      writeFileSync(file, `${server.password}\n`, { mode: 0o600 });
      good(["store", "check"], { ANOMALY_STORE: server.url, ANOMALY_STORE_PASSWORD_FILE: file });
      const wrong = run(["store", "check"], { ANOMALY_STORE: server.url, ANOMALY_STORE_PASSWORD: "not-this-one" });
      expect([wrong.status, wrong.stderr]).toEqual([
        1,
        expect.stringMatching(/does not accept user and password; check ANOMALY_STORE_PASSWORD/),
      ]);
      expect(wrong.stderr).not.toContain("not-this-one");
      const inside = run(["history"], { ANOMALY_STORE: server.url.replace("tester@", `tester:${server.password}@`) });
      expect([inside.status, inside.stderr]).toEqual([2, expect.stringMatching(/without a password in it/)]);
      const gone = run(["history", "-v"], {
        ANOMALY_STORE: "postgres://ann@127.0.0.1:1/metrics",
        ANOMALY_STORE_PASSWORD: server.password,
      });
      expect([gone.status, gone.stderr]).toEqual([1, expect.stringMatching(/nobody answers \(ECONNREFUSED\)/)]);
      expect(gone.stderr.split("\n")[0]).not.toContain("ann@");
    });

    test("serve keeps what it finds there", () => {
      writeFileSync(
        join(place.folder, "anomaly.yaml"),
        "jobs:\n  live:\n    data: data/fleet/live\n    detector: residual\n    lookback: 4d\n",
      );
      good(["serve", "--once"], withPassword());
      expect(JSON.parse(good(["history", "--json", "--match", "job=live"], withPassword())).length).toBeGreaterThan(3);
    });

    test("over TLS the server is checked as far as sslmode says", async () => {
      const key = join(place.folder, "server.key");
      const certificate = join(place.folder, "server.crt");
      execFileSync(
        "openssl",
        [
          "req",
          "-new",
          "-x509",
          "-days",
          "2",
          "-nodes",
          "-subj",
          "/CN=db.example.org",
          "-addext",
          "subjectAltName=DNS:db.example.org",
          "-out",
          certificate,
          "-keyout",
          key,
        ],
        { stdio: "pipe" },
      );
      await server.withTls(readFileSync(certificate, "utf8"), readFileSync(key, "utf8"));
      chmodSync(certificate, 0o644);
      const check = (parameters: string) =>
        run(["store", "check"], { ...withPassword(), ANOMALY_STORE: `${server.url}?${parameters}` });
      expect(check("sslmode=require").status).toBe(0);
      expect(check(`sslmode=verify-ca&sslrootcert=${certificate}`).status).toBe(0);
      const unknown = check("sslmode=verify-ca");
      expect([unknown.status, unknown.stderr]).toEqual([1, expect.stringMatching(/self-signed certificate/)]);
      const misnamed = check(`sslmode=verify-full&sslrootcert=${certificate}`);
      expect([misnamed.status, misnamed.stderr]).toEqual([
        1,
        expect.stringMatching(/does not match certificate|not in the cert/),
      ]);
    });
  },
);
