import { describe, expect, test } from "vitest";
import { UsageError } from "../errors/errors.js";
import { globToRegExp } from "./glob.js";
import { expandTargets } from "./targets.js";
import { isOfTemplate, matchPath, matchTags, matchTemplate, templateVariables } from "./template.js";

const TEMPLATE = "statsd.{machine}.gauges.aggregator.lag.{aggregator}";

describe("matchTemplate", () => {
  test.each<[string, string, string, Record<string, string> | undefined]>([
    ["a path", TEMPLATE, "statsd.n200.gauges.aggregator.lag.visit_hour", { machine: "n200", aggregator: "visit_hour" }],
    [
      "the rest of the path at the very end",
      TEMPLATE,
      "statsd.n200.gauges.aggregator.lag.a.b",
      { machine: "n200", aggregator: "a.b" },
    ],
    ["no dots inside", TEMPLATE, "statsd.n.200.gauges.aggregator.lag.a", undefined],
    ["another path", TEMPLATE, "statsd.n200.counters.x", undefined],
    ["what aliasByNode leaves", TEMPLATE, "n200.visit_hour", { machine: "n200", aggregator: "visit_hour" }],
    ["an expression is no such name", TEMPLATE, "sum(a.b)", undefined],
    ["globs around", "*.{machine}.{cpu,mem}", "prod.n1.cpu", { machine: "n1" }],
    ["globs that do not fit", "*.{machine}.{cpu,mem}", "prod.n1.disk", undefined],
    ["a name without dots", "{machine}", "n1", { machine: "n1" }],
    ["a host name as a whole", "{machine}", "n1.example.com", { machine: "n1.example.com" }],
    ["words around", "{machine} load", "n1 load", { machine: "n1" }],
    ["a variable twice, equal", "a.{m}.{m}", "a.x.x", { m: "x" }],
    ["a variable twice, different", "a.{m}.b.{m}", "a.x.b.y", undefined],
    ["one variable does not take any word", "statsd.{machine}.lag", "other", undefined],
  ])("%s", (_, template, name, expected) => {
    expect(matchTemplate(template, name)).toEqual(expected);
  });

  test("with known values in either order, dots in them or not", () => {
    const known = { machine: ["n1", "n2"], aggregator: ["visit.hour", "day"] };
    expect(matchTemplate(TEMPLATE, "n1.visit.hour", known)).toEqual({ machine: "n1", aggregator: "visit.hour" });
    expect(matchTemplate(TEMPLATE, "day.n2", known)).toEqual({ machine: "n2", aggregator: "day" });
    expect(matchTemplate(TEMPLATE, "visit.hour.n2", known)).toEqual({ machine: "n2", aggregator: "visit.hour" });
    expect(matchTemplate(TEMPLATE, "n3.visit.hour", known)).toBeUndefined();
    expect(matchTemplate("s.{machine}.lag", "n2", { machine: ["n1", "n2"] })).toEqual({ machine: "n2" });
  });

  test("variables come in order, each once", () => {
    expect(templateVariables("a.{x}.{y}.{x}.{p,q}")).toEqual(["x", "y"]);
  });
});

describe("isOfTemplate", () => {
  test.each([
    ["s.{machine}.lag", "s.n1.lag", true],
    ["s.{machine}.lag", "s.*.lag", true],
    ["s.{machine}.lag", "s.{n1,n2}.lag", true],
    ["s.{machine}.lag", "s.n1.cpu", false],
    ["s.{machine}.lag", "scale(s.n1.lag,8)", false],
    ["scale(s.{machine}.lag,8)", "scale(s.n1.lag,8)", true],
    ["scale(s.{machine}.lag,8)", "s.n1.lag", false],
    ["seriesByTag('name=lag','server=~{machine}')", "seriesByTag('name=lag','server=~n1')", true],
  ])("%s and %s: %s", (template, expression, is) => {
    expect(isOfTemplate(template, expression)).toBe(is);
  });
});

describe("expandTargets", () => {
  test("every combination of values is a target with its labels", () => {
    expect(expandTargets("s.{machine}.{aggregator}", { machine: ["n1", "n2"], aggregator: ["a", "b"] })).toEqual([
      { expression: "s.n1.a", labels: { machine: "n1", aggregator: "a" } },
      { expression: "s.n1.b", labels: { machine: "n1", aggregator: "b" } },
      { expression: "s.n2.a", labels: { machine: "n2", aggregator: "a" } },
      { expression: "s.n2.b", labels: { machine: "n2", aggregator: "b" } },
    ]);
  });

  test("behind =~ of seriesByTag a value is a pattern, as Graphite wants it", () => {
    const template = "seriesByTag('name=lag','server=~{machine}')";
    const expressions = (machine: string[]) => expandTargets(template, { machine }).map(({ expression }) => expression);
    expect(expressions([])).toEqual(["seriesByTag('name=lag','server=~.+')"]);
    expect(expressions(["n1.example", "n2*"])).toEqual([
      "seriesByTag('name=lag','server=~n1\\.example')",
      "seriesByTag('name=lag','server=~n2.*')",
    ]);
    expect(matchTags(template, { name: "lag", server: "n1", rack: "r" })).toEqual({ machine: "n1" });
    expect(matchTags(template, { name: "lag" })).toBeUndefined();
  });

  test("no values and globs leave the label open", () => {
    expect(expandTargets("s.{machine}.{aggregator}", { machine: ["n2*"], aggregator: [] })).toEqual([
      { expression: "s.n2*.*", labels: {} },
    ]);
  });

  test("values given twice count once, and a template without variables is itself", () => {
    expect(expandTargets("s.{m}", { m: ["a", "a"] })).toHaveLength(1);
    expect(expandTargets("sum(a.*)", {})).toEqual([{ expression: "sum(a.*)", labels: {} }]);
  });

  test("values of a variable that the template does not have are refused", () => {
    expect(() => expandTargets("s.{machine}", { aggregator: ["a"] })).toThrow(UsageError);
    expect(() => expandTargets("s.{machine}", { aggregator: ["a"] })).toThrow("has {machine}; add {aggregator}");
  });
});

describe("globToRegExp", () => {
  test.each([
    ["a.*.c", ".", "a.b.c", true],
    ["a.*.c", ".", "a.b.b.c", false],
    ["a.n[0-9].c", ".", "a.n7.c", true],
    ["a.n[!0-9].c", ".", "a.n7.c", false],
    ["a.{x,y*}.c", ".", "a.yes.c", true],
    ["a.?", ".", "a.bc", false],
    ["a+b(c)", ".", "a+b(c)", true],
    ["d/**/*.csv", "/", "d/e/f/g.csv", true],
    ["d/**/*.csv", "/", "d/g.csv", true],
    ["d/*.csv", "/", "d/e/g.csv", false],
    ["d/*.csv", "/", "d/a.b.csv", true],
  ] as const)("%s over parts of %s takes %s: %s", (glob, separator, text, fits) => {
    expect(globToRegExp(glob, separator).test(text)).toBe(fits);
  });
});

test.each([
  ['alias(s.{machine}.lag.{aggregator},"x")', "s.n1.lag.a", { machine: "n1", aggregator: "a" }],
  ["aliasByNode(s.{machine}.lag.{aggregator},3,1)", "s.n1.lag.a", { machine: "n1", aggregator: "a" }],
  ["scale(s.{machine}.{a,b}.x, 0.5)", "s.n1.b.x", { machine: "n1" }],
  ["s.{machine}.lag.{aggregator}", "s.n1.lag.a.b", { machine: "n1", aggregator: "a.b" }],
  ['alias(s.{machine}.lag.{aggregator},"x")', "t.n1.lag.a", undefined],
  ["sumSeries(s.{machine}.lag.a)", "s.*.lag.a", undefined],
])("%s reads of the path %s", (template, path, labels) => {
  expect(matchPath(template, path)).toEqual(labels);
});
