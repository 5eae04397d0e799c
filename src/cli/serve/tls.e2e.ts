import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureBuilt, freshFolder } from "../testing/built.js";
import { eventually, type RunningServe, startServe } from "./testing/running-serve.js";

const TOKEN = "t".repeat(20);
const hasOpenssl = spawnSync("openssl", ["version"]).error === undefined;

describe.skipIf(!hasOpenssl)("HTTPS (skipped without openssl)", { timeout: 600_000 }, () => {
  let place: { folder: string; path: string };
  let serve: RunningServe;

  /** A self-signed certificate for 127.0.0.1 and its key, made as anyone would. */
  const makePair = (name: string) => {
    const args = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
    const files = ["-keyout", `${name}.key`, "-out", `${name}.crt`];
    const made = spawnSync(
      "openssl",
      [...args, ...files, "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"],
      { cwd: place.folder, encoding: "utf8" },
    );
    expect(made.status, made.stderr).toBe(0);
  };
  const failing = (...args: string[]) =>
    spawnSync("anomaly", ["serve", "--listen", "127.0.0.1:0", ...args], {
      cwd: place.folder,
      env: { PATH: place.path, HOME: place.folder },
      encoding: "utf8",
      timeout: 600_000,
    });
  /** A request that trusts the certificate of this file and no other. */
  const ask = async (path: string, ca: string, headers: Record<string, string> = {}) => {
    const asked = request(`${serve.address}${path}`, {
      ca: readFileSync(join(place.folder, ca)),
      headers,
      agent: false,
    });
    asked.end();
    const [answer] = await once(asked, "response");
    return { status: answer.statusCode as number, text: await text(answer) };
  };

  beforeAll(async () => {
    ensureBuilt();
    place = freshFolder();
    writeFileSync(
      join(place.folder, "anomaly.yaml"),
      "jobs:\n  young:\n    data: data/fleet/live\n    detector: residual\n    every: 1h\n",
    );
    writeFileSync(join(place.folder, "credentials"), `token read ${TOKEN}\n`);
    makePair("own");
    makePair("other");
    serve = await startServe(place, [
      "--tls-cert",
      "own.crt",
      "--tls-key",
      "own.key",
      "--credentials-file",
      "credentials",
    ]);
  }, 600_000);
  afterAll(async () => {
    await serve?.end();
    if (place !== undefined) rmSync(place.folder, { recursive: true });
  });

  test("is answered to a client that trusts the certificate, and asks for the token", async () => {
    expect(serve.address).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect((await ask("/api/v1/runs", "own.crt")).status).toBe(401);
    const answer = await ask("/api/v1/runs", "own.crt", { authorization: `Bearer ${TOKEN}` });
    expect(JSON.parse(answer.text).data).toMatchObject([{ job: "young" }]);
    await expect(ask("/healthz", "other.crt")).rejects.toThrow(/self-signed|unable to verify/);
  });

  test("plain HTTP to its port gets nothing and harms nobody", async () => {
    const socket = connect(Number(new URL(serve.address).port), "127.0.0.1");
    let got = "";
    socket.setEncoding("latin1").on("data", (piece: string) => {
      got += piece;
    });
    // Whether it is ended or reset is the kernel's choice.
    socket.on("error", () => {});
    const closed = once(socket, "close");
    socket.write("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    await closed;
    expect(got).not.toMatch(/anomaly|HTTP\/1\.1 200/);
    await eventually(async () => ((await ask("/healthz", "own.crt")).status === 200 ? true : undefined));
    expect(serve.log()).not.toMatch(/error/i);
  });

  test("the key of another certificate, a file that is none, and one without the other are refused in a sentence", () => {
    const wrong = failing("--tls-cert", "own.crt", "--tls-key", "other.key");
    expect(wrong.stderr).toMatch(/--tls-key: other\.key is not the key of the certificate in own\.crt/);
    expect(wrong.status).toBe(2);
    const swapped = failing("--tls-cert", "own.key", "--tls-key", "own.key");
    expect(swapped.stderr).toMatch(/--tls-cert: own\.key is not a certificate in PEM/);
    expect(swapped.status).toBe(2);
    expect(failing("--tls-cert", "own.crt", "--tls-key", "own.crt").stderr).toMatch(
      /--tls-key: own\.crt is not a private key in PEM/,
    );
    expect(failing("--tls-cert", "own.crt").stderr).toMatch(/--tls-cert and --tls-key need each other/);
    expect(failing("--tls-cert", "gone.crt", "--tls-key", "own.key").stderr).toMatch(
      /--tls-cert: cannot read gone\.crt/,
    );
  });
});
