import { expect, test } from "vitest";
import { aggregatorWords, labelWords } from "./labels.js";

test("labels come by name, or in the order given, without those that are not there", () => {
  expect(labelWords({ mode: "idle", cpu: "0" })).toBe("cpu=0 mode=idle");
  expect(labelWords({ mode: "idle", cpu: "0" }, ["mode", "device"])).toBe("mode=idle");
});

test("an aggregator has its telling labels behind it, if any", () => {
  const series = { aggregator: "node_cpu", labels: { cpu: "0", mode: "idle" } };
  expect(aggregatorWords(series, ["mode"])).toBe("node_cpu mode=idle");
  expect(aggregatorWords(series, [])).toBe("node_cpu");
});
