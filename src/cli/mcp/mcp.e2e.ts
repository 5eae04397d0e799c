import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureBuilt, freshFolder, ROOT } from "../testing/built.js";

let place: ReturnType<typeof freshFolder>;
const clients: Client[] = [];

beforeAll(() => {
  ensureBuilt();
  place = freshFolder();
  const lines =
    "anomaly train data/fleet/history -q && anomaly infer data/fleet --lookback 4d -q -o out/anomalies.ndjson";
  const done = spawnSync("bash", ["-c", lines], { cwd: place.folder, env: environment(), encoding: "utf8" });
  expect(done.status, done.stderr).toBe(0);
});

afterAll(async () => {
  for (const client of clients) await client.close();
  // A server that is being ended may still be writing.
  rmSync(place.folder, { recursive: true, maxRetries: 20 });
});

const environment = () => ({
  PATH: place.path,
  HOME: place.folder,
  USER: "ada",
  GRAFANA_SERVICE_ACCOUNT_TOKEN: "s3cr3t-token",
});

/** The SDK's client gives a request up after a minute otherwise, which a backtest may take on a busy machine. */
const PATIENT = { timeout: 500_000 };

/** The SDK's own client, over the pipes of the built program. */
async function connect(...flags: string[]): Promise<Client> {
  const client = new Client({ name: "test", version: "1" });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [join(ROOT, "bin/anomaly.js"), "mcp", "--data", "data/fleet", ...flags],
    cwd: place.folder,
    env: environment(),
    stderr: "pipe",
  });
  await client.connect(transport, PATIENT);
  clients.push(client);
  return client;
}

interface Answer {
  readonly isError?: boolean;
  readonly structuredContent?: Record<string, unknown>;
  readonly content: readonly { readonly text: string }[];
}

async function ask(client: Client, name: string, given: Record<string, unknown> = {}): Promise<Answer> {
  return (await client.callTool({ name, arguments: given }, undefined, PATIENT)) as unknown as Answer;
}

async function episodesOf(client: Client, given: Record<string, unknown>): Promise<readonly { readonly id: string }[]> {
  const { structuredContent = {} } = await ask(client, "history", given);
  return structuredContent["episodes"] as { id: string }[];
}

describe("read-only, as it is without --allow-write", () => {
  let client: Client;
  let ids: string[];

  beforeAll(async () => {
    client = await connect();
    ids = (await episodesOf(client, { limit: 1000 })).map(({ id }) => id);
  });

  test("it offers tools that say they only read, each with the shape of its answer", async () => {
    const { tools } = await client.listTools(undefined, PATIENT);
    expect(tools.map(({ name }) => name).sort()).toEqual(
      ["around", "backtest", "doctor", "episode", "explain", "history", "list_open"].sort(),
    );
    for (const { annotations, outputSchema, inputSchema, description } of tools) {
      expect(annotations?.readOnlyHint).toBe(true);
      expect([inputSchema.type, outputSchema?.type]).toEqual(["object", "object"]);
      expect(description?.length).toBeGreaterThan(20);
    }
  });

  test("what is open is what anomaly history --open says", async () => {
    const said = spawnSync("bash", ["-c", "anomaly history --open --json -q"], {
      cwd: place.folder,
      env: environment(),
      encoding: "utf8",
    });
    const { structuredContent } = await ask(client, "list_open");
    expect(structuredContent?.["episodes"]).toEqual(JSON.parse(said.stdout));
  });

  test("an episode is explained as anomaly explain does, by the beginning of its id too", async () => {
    const { structuredContent } = await ask(client, "explain", { id: ids[0].slice(0, 8) });
    const said = spawnSync("bash", ["-c", `anomaly explain ${ids[0]} out/anomalies.ndjson --json -q`], {
      cwd: place.folder,
      env: environment(),
      encoding: "utf8",
    });
    expect(structuredContent?.["explanation"]).toEqual(JSON.parse(said.stdout));
    expect((await ask(client, "episode", { id: ids[0] })).structuredContent?.["episode"]).toMatchObject({ id: ids[0] });
  });

  test("around answers for an episode and for a time, cut to its limit", async () => {
    const ofId = await ask(client, "around", { at: ids[0], window: "4h", limit: 1 });
    const around = ofId.structuredContent?.["around"] as { moved: unknown[]; series: number; time: string };
    expect(around.series).toBe(18);
    expect(around.moved.length).toBeLessThanOrEqual(1);
    const ofTime = await ask(client, "around", { at: around.time, window: "4h", limit: 1 });
    expect(ofTime.structuredContent).toEqual(ofId.structuredContent);
  });

  test("a change is backtested beside the settings as they are, and leaves nothing behind", async () => {
    const files = () =>
      spawnSync("find", [".", "-newer", "out/anomalies.ndjson", "-type", "f"], { cwd: place.folder, encoding: "utf8" });
    const before = files().stdout;
    const { structuredContent } = await ask(client, "backtest", { detector: "residual", threshold: "permissive" });
    expect(structuredContent).toMatchObject({ before: { detector: "auto" }, after: { detector: "residual" } });
    expect(files().stdout).toBe(before);
  }, 600_000);

  test.each([
    ["explain", { id: "ffffffffffff" }, /has no record "ffffffffffff"/],
    ["around", { at: "yesterdayish" }, /yesterdayish/],
    ["around", { at: "2025-07-02T21:40Z", job: "nonesuch" }, /there is no anomaly.yaml|no job/],
    ["doctor", {}, /doctor checks a server/],
    ["history", { match: ["=~("] }, /matcher/],
  ])("%s %o is refused in the words of the command", async (name, given, words) => {
    const { isError, content } = await ask(client, name, given);
    expect(isError).toBe(true);
    expect(content[0].text).toMatch(words);
    expect(content[0].text).not.toMatch(/internal error|\n/);
  });

  test.each([
    ["list_open", { limit: 0 }],
    ["explain", {}],
    ["explain", { id: "--help" }],
    ["around", { at: 12 }],
  ])("%s %o does not fit the schema and is not run", async (name, given) => {
    const { isError, content } = await ask(client, name, given);
    expect(isError).toBe(true);
    expect(content[0].text).toMatch(/validation|invalid/i);
  });

  test("tools that write are not there", async () => {
    const { isError, content } = await ask(client, "add_verdict", { id: ids[0], verdict: "false" });
    expect(isError).toBe(true);
    expect(content[0].text).toMatch(/not found/);
  });
});

describe("with --allow-write", () => {
  test("a verdict and a silence are kept in the store that the commands use", async () => {
    const client = await connect("--allow-write");
    const [{ id }] = await episodesOf(client, { limit: 1 });
    const given = await ask(client, "add_verdict", { id, verdict: "false", note: "backup" });
    expect(given.structuredContent?.["verdict"]).toMatchObject({ episode: id, verdict: "false", author: "ada" });
    const silenced = await ask(client, "add_silence", { match: ["machine=n201*"], for: "2h", author: "grace" });
    expect(silenced.structuredContent?.["silence"]).toMatchObject({ matchers: ["machine=n201*"], author: "grace" });
    const { structuredContent } = await ask(client, "history", { verdict: ["false"] });
    expect(structuredContent?.["episodes"]).toMatchObject([{ id, verdict: { note: "backup" } }]);
    const wrong = await ask(client, "add_silence", { match: ["machine"], for: "2h" });
    expect([wrong.isError, wrong.content[0].text.includes("internal")]).toEqual([true, false]);
  });
});

describe("the streams", () => {
  test("stdout has one message per line and nothing else, and what was asked before stdin ended is answered", () => {
    const initialize = {
      jsonrpc: "2.0",
      id: 1,
      method: "initialize",
      params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "sh", version: "1" } },
    };
    const call = { name: "around", arguments: { at: "2025-07-02T21:40Z", window: "4h" } };
    const input = [
      initialize,
      { jsonrpc: "2.0", method: "notifications/initialized" },
      { jsonrpc: "2.0", id: 2, method: "tools/call", params: call },
    ];
    const done = spawnSync(
      process.execPath,
      [join(ROOT, "bin/anomaly.js"), "mcp", "--data", "data/fleet", "--verbose"],
      {
        cwd: place.folder,
        env: environment(),
        encoding: "utf8",
        input: input.map((message) => `${JSON.stringify(message)}\n`).join(""),
      },
    );
    expect(done.status, done.stderr).toBe(0);
    const messages = done.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(messages.map(({ id }) => id)).toEqual([1, 2]);
    expect(messages[1].result.structuredContent.around.schema).toBe("anomaly-around/1");
    expect(done.stdout + done.stderr).not.toContain("s3cr3t-token");
  });
});
