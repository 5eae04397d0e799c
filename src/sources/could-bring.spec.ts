import { describe, expect, test } from "vitest";
import { couldBring } from "./could-bring.js";
import { expandTargets } from "./targets.js";

const graphite = (template: string, variables: Readonly<Record<string, readonly string[]>> = {}) => ({
  targets: expandTargets(template, variables),
  template,
  isPromql: false,
});
const promql = (...expressions: readonly string[]) => ({
  targets: expressions.map((expression) => ({ expression, labels: {} })),
  isPromql: true,
});
const a = { machine: "n1", aggregator: "a" };
const up = { __name__: "up", machine: "n1:9100", aggregator: "up", instance: "n1:9100", job: "node" };

describe("what a question could bring", () => {
  test.each([
    ["a template of both labels", graphite("x.{machine}.{aggregator}"), a, true],
    ["a template without the aggregator", graphite("x.{machine}.a"), a, false],
    ["the same, of a series that was read by it", graphite("x.{machine}.a"), { ...a, aggregator: "value" }, true],
    ["a template with a label that the series lacks", graphite("x.{machine}.{shard}.{aggregator}"), a, false],
    ["another machine by name", graphite("x.{machine}.{aggregator}", { machine: ["n2"] }), a, false],
    ["machines by a glob", graphite("x.{machine}.{aggregator}", { machine: ["n*"] }), a, true],
    ["a function over a template", graphite('alias(x.{machine}.{aggregator},"x")'), a, true],
    ["files", { targets: [{ expression: "*", labels: {} }], isPromql: false }, a, true],
    ["the metric", promql("up"), up, true],
    ["another metric", promql("down"), up, false],
    ["one of two", promql("down", 'up{job=~"no.*"}'), up, true],
    ["another job", promql('up{job!~"no.*"}'), up, false],
    ["a label that is not there", promql('up{shard=""}'), up, true],
    ["a function", promql("sum by (machine) (down)"), up, true],
  ])("%s", (_, question, labels, is) => {
    expect(couldBring(question, labels)).toBe(is);
  });

  test("the series of a query that names them, and not those of another", () => {
    const lag = { targets: [{ expression: "max(lag)", labels: { query: "lag" } }], isPromql: true };
    expect(couldBring(lag, { ...a, query: "lag" })).toBe(true);
    expect(couldBring(lag, { ...a, query: "idle" })).toBe(false);
  });
});
