import { expect, test } from "vitest";
import { testSource } from "../testing/source-spec.js";
import { openServer } from "./open-server.js";
import type { ServerKind, SourceSpec } from "./source-spec.js";

async function open(kind: ServerKind, spec: Partial<SourceSpec>, env: Record<string, string> = {}) {
  const warnings: string[] = [];
  const around = {
    env,
    nowMs: () => 100_000,
    warn: (message: string) => warnings.push(message),
    debug: () => {},
    signal: new AbortController().signal,
  };
  const opened = await openServer(testSource(spec), kind, around);
  await opened.close();
  return { opened, warnings };
}

test("a server is named by host and path", async () => {
  const { opened } = await open("graphite", { graphiteUrl: "https://g.example.com/sub" });
  expect(opened.name).toBe("Graphite at g.example.com/sub");
  const vm = await open("victoriametrics", { victoriametricsUrl: "https://vm.example.com/select/0/prometheus" });
  expect(vm.opened.name).toBe("VictoriaMetrics at vm.example.com/select/0/prometheus");
});

test("now is the clock, less what may still change", async () => {
  const { opened } = await open("prometheus", { prometheusUrl: "http://p", settle: 30_000 });
  expect(opened.nowMs).toBe(70_000);
});

test("--insecure says what it means", async () => {
  const { warnings } = await open("graphite", { graphiteUrl: "https://g", insecure: true });
  expect(warnings).toEqual([expect.stringContaining("certificates are not checked")]);
});

test.each<[string, ServerKind, Partial<SourceSpec>, Record<string, string>, RegExp]>([
  ["no address", "prometheus", {}, {}, /needs the address of Prometheus; set PROMETHEUS_URL or --prometheus-url/],
  ["no data source", "grafana", { grafanaUrl: "http://g" }, {}, /needs --datasource-uid/],
  [
    "a path to Prometheus",
    "prometheus",
    { prometheusUrl: "http://p", template: "a.{b}" },
    {},
    /give --source prometheus a --query/,
  ],
  [
    "PromQL to Graphite",
    "graphite",
    { graphiteUrl: "http://g", query: [{ name: undefined, expression: "up" }] },
    {},
    /give --source graphite a --template/,
  ],
  [
    "a user without a password",
    "victoriametrics",
    { victoriametricsUrl: "http://v" },
    { VICTORIAMETRICS_USER: "u" },
    /VICTORIAMETRICS_USER is set without VICTORIAMETRICS_PASSWORD; set both/,
  ],
  [
    "a password without a user",
    "graphite",
    { graphiteUrl: "http://g" },
    { GRAPHITE_PASSWORD: "p" },
    /GRAPHITE_PASSWORD is set without GRAPHITE_USER; set both/,
  ],
  [
    "an organisation that is no number",
    "grafana",
    { grafanaUrl: "http://g", datasourceUid: "u" },
    { GRAFANA_ORG_ID: "main" },
    /GRAFANA_ORG_ID is "main" and must be a number/,
  ],
])("%s is refused before anything is asked", async (_, kind, spec, env, message) => {
  await expect(open(kind, spec, env)).rejects.toThrow(message);
});
