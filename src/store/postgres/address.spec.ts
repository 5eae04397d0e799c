import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isPostgresUrl, parseAddress, shownAddress, tlsOptions } from "./address.js";

describe("the address of a PostgreSQL store", () => {
  test("is read with its defaults", () => {
    expect(parseAddress("postgres://ann@db.example/metrics")).toEqual({
      host: "db.example",
      port: 5432,
      database: "metrics",
      user: "ann",
      schema: "anomaly",
      poolSize: 4,
      tls: "verify-full",
    });
    expect(parseAddress("postgresql://127.0.0.1:6432/metrics?schema=team_a&pool=10")).toMatchObject({
      port: 6432,
      schema: "team_a",
      poolSize: 10,
      tls: "disable",
    });
    expect(isPostgresUrl("out/store.db")).toBe(false);
  });

  test("is shown without user and parameters", () => {
    expect(shownAddress(parseAddress("postgres://ann@db.example/metrics?sslrootcert=/secret/ca.pem"))).toBe(
      "postgres://db.example:5432/metrics (schema anomaly)",
    );
  });

  test.each([
    ["postgres://ann:s3cret@db/metrics", "must not hold the password; set ANOMALY_STORE_PASSWORD"],
    ["postgres://db", "needs the name of one database"],
    ["postgres://db/a?sslmode=maybe", "has an sslmode that is not one of disable, require, verify-ca, verify-full"],
    ["postgres://db/a?host=s3cret", 'has the parameter "host"'],
    ["postgres://db/a?schema=a%22%3B", "needs a schema of small letters"],
    ["postgres://db/a?pool=1", "needs a pool of 2 to 100"],
    ["mysql://db/a", "must be such as postgres://"],
  ])("that is wrong is refused without repeating it: %s", (text, message) => {
    expect(() => parseAddress(text)).toThrow(message);
    expect(() => parseAddress(text)).not.toThrow("s3cret");
  });

  test("asks for as much of TLS as its mode says", () => {
    const folder = mkdtempSync(join(tmpdir(), "address-"));
    const ca = join(folder, "ca.pem");
    writeFileSync(ca, "a certificate");
    const of = (parameters: string) => tlsOptions(parseAddress(`postgres://db.example/a?${parameters}`));
    expect(of("sslmode=disable")).toBe(false);
    expect(of("sslmode=require")).toMatchObject({ rejectUnauthorized: false });
    expect(of(`sslrootcert=${ca}`)).toEqual({
      rejectUnauthorized: true,
      servername: "db.example",
      ca: "a certificate",
    });
    const verifyCa = of("sslmode=verify-ca");
    expect(verifyCa).toEqual({ rejectUnauthorized: true, checkServerIdentity: expect.any(Function) });
    expect(() => of("sslrootcert=/not/there.pem")).toThrow("cannot read /not/there.pem");
    rmSync(folder, { recursive: true });
  });
});
