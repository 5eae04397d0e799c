import { expect, test } from "vitest";
import { shownUnit } from "./shown-unit.js";

const of = (part: Partial<Parameters<typeof shownUnit>[0]>) =>
  shownUnit({ unit: null, aggregator: "", series: "", target: "", ...part });

test.each([
  ["%", "percent"],
  ["percentunit", "ratio"],
  ["B", "bytes"],
  ["ms", "milliseconds"],
  ["seconds", "seconds"],
  ["requests", null],
] as const)("a unit of the data, %s, is shown as %s", (unit, shown) => {
  expect(of({ unit, series: "a_bytes" })).toBe(shown);
});

test.each([
  ["statsd.n200.gauges.aggregator.agg_length_behind_ratio.visit_length_hour", "ratio"],
  ["process_resident_memory_bytes", "bytes"],
  ["http_request_duration_seconds{job=x}", "seconds"],
  ["node.latency-ms", null],
  ["cpu_percent", "percent"],
  ["node_cpu_seconds_total", null],
  ["rate(node_network_receive_bytes)", null],
  ["visits", null],
  ["bytes", "bytes"],
] as const)("without one the name says: %s is %s", (series, shown) => {
  expect(of({ series })).toBe(shown);
});

test("the aggregator and the target are asked where the series' name says nothing", () => {
  expect(of({ series: "n200", aggregator: "disk_used_bytes" })).toBe("bytes");
  expect(of({ series: "n200", target: "fleet.n200.load_ratio.x" })).toBe("ratio");
});
