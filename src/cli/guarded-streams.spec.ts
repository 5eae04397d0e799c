import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { guardedStreams } from "./guarded-streams.js";
import { createLog } from "./log.js";
import type { Streams } from "./streams.js";

async function written(env: Record<string, string>, text: string, format: "text" | "json" = "text") {
  const lines: string[] = [];
  const streams = guardedStreams({
    env,
    nowMs: () => 0,
    stderrIsTerminal: false,
    stderrColumns: 0,
    out: async (line: string) => void lines.push(line),
    err: (line: string) => void lines.push(line),
  } as unknown as Streams);
  await streams.out(text);
  streams.err(text);
  const log = createLog(streams, { quiet: false, verbose: true, format });
  for (const say of [log.debug, log.info, log.warn, log.error]) say(text);
  return lines.join("\n");
}

test("secrets of the environment, of files and of proxies leave by no stream", async () => {
  const folder = mkdtempSync(join(tmpdir(), "anomaly-secrets-"));
  writeFileSync(join(folder, "token"), "token-of-a-file\n");
  const env = {
    GRAFANA_SERVICE_ACCOUNT_TOKEN: "glsa_of_environment",
    PROMETHEUS_TOKEN_FILE: join(folder, "token"),
    HTTPS_PROXY: "http://ops:pass%40word@proxy.example.com:3128",
  };
  for (const format of ["text", "json"] as const) {
    const text = await written(env, "a glsa_of_environment b token-of-a-file c pass@word d pass%40word", format);
    expect(text).toContain("a [redacted] b [redacted] c [redacted] d [redacted]");
    expect(text).not.toMatch(/glsa|of-a-file|pass/);
  }
  rmSync(folder, { recursive: true });
});

test("a log line says what steers a terminal, hides or turns text round, and stays one line", async () => {
  const lines: string[] = [];
  const streams = { err: (line: string) => void lines.push(line), nowMs: () => 0 } as unknown as Streams;
  const log = createLog(guardedStreams({ ...streams, env: {} } as Streams), {
    quiet: false,
    verbose: false,
    format: "text",
  });
  log.error("a\u001b[2Jb\u0007c\u202ed\u200be\nerror: f");
  expect(lines).toEqual(["error: a\\u001b[2Jb\\u0007c\\u202ed\\u200be\\u000aerror: f\n"]);
});
