import { expect, test } from "vitest";
import { resolveOptions } from "../../cli/config/resolve.js";
import type { Log } from "../../cli/log.js";
import type { OptionKey } from "../../cli/options/table.js";
import { openServer, type ServerKind } from "./open-server.js";

async function open(
  kind: ServerKind,
  env: Record<string, string>,
  ...flags: readonly (readonly [OptionKey, string])[]
) {
  const { options } = await resolveOptions(new Map(flags.map(([key, text]) => [key, [text]])), env, "infer");
  const warnings: string[] = [];
  const log = { warn: (message: string) => warnings.push(message) } as unknown as Log;
  const streams = { env, nowMs: () => 100_000 };
  const opened = await openServer({ options, streams, log, signal: new AbortController().signal }, kind);
  await opened.close();
  return { opened, warnings };
}

test("a server is named by host and path", async () => {
  const { opened } = await open("graphite", { GRAPHITE_URL: "https://g.example.com/sub" });
  expect(opened.name).toBe("Graphite at g.example.com/sub");
  const vm = await open("victoriametrics", { VICTORIAMETRICS_URL: "https://vm.example.com/select/0/prometheus" });
  expect(vm.opened.name).toBe("VictoriaMetrics at vm.example.com/select/0/prometheus");
});

test("now is the clock, less what may still change", async () => {
  const { opened } = await open("prometheus", { PROMETHEUS_URL: "http://p" }, ["settle", "30s"]);
  expect(opened.nowMs).toBe(70_000);
});

test("--insecure says what it means", async () => {
  const { warnings } = await open("graphite", { GRAPHITE_URL: "https://g" }, ["insecure", "true"]);
  expect(warnings).toEqual([expect.stringContaining("certificates are not checked")]);
});

test.each<[string, ServerKind, Record<string, string>, readonly (readonly [OptionKey, string])[], RegExp]>([
  ["no address", "prometheus", {}, [], /needs the address of Prometheus; set PROMETHEUS_URL or --prometheus-url/],
  ["no data source", "grafana", { GRAFANA_URL: "http://g" }, [], /needs --datasource-uid/],
  [
    "a path to Prometheus",
    "prometheus",
    { PROMETHEUS_URL: "http://p" },
    [["template", "a.{b}"]],
    /give --source prometheus a --query/,
  ],
  [
    "PromQL to Graphite",
    "graphite",
    { GRAPHITE_URL: "http://g" },
    [["query", "up"]],
    /give --source graphite a --template/,
  ],
  [
    "a user without a password",
    "victoriametrics",
    { VICTORIAMETRICS_URL: "http://v", VICTORIAMETRICS_USER: "u" },
    [],
    /VICTORIAMETRICS_USER is set without VICTORIAMETRICS_PASSWORD; set both/,
  ],
  [
    "a password without a user",
    "graphite",
    { GRAPHITE_URL: "http://g", GRAPHITE_PASSWORD: "p" },
    [],
    /GRAPHITE_PASSWORD is set without GRAPHITE_USER; set both/,
  ],
  [
    "an organisation that is no number",
    "grafana",
    { GRAFANA_URL: "http://g", GRAFANA_ORG_ID: "main" },
    [["datasourceUid", "u"]],
    /GRAFANA_ORG_ID is "main" and must be a number/,
  ],
])("%s is refused before anything is asked", async (_, kind, env, flags, message) => {
  await expect(open(kind, env, ...flags)).rejects.toThrow(message);
});
