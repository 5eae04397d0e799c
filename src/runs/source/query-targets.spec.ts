import { describe, expect, test } from "vitest";
import type { Series } from "../../series/series.js";
import { readQuery } from "../../sources/promql/named-query.js";
import { askedPaths, askedQueries } from "./query-targets.js";

const series = (name: string, labels: Series["labels"]): Series => ({
  name,
  labels,
  startMs: 0,
  stepMs: 60_000,
  values: new Float64Array(0),
});
const asked = (query: readonly string[], ...variables: { name: string; values: readonly string[] }[]) =>
  askedQueries({ query: query.map((text) => readQuery(text)!), var: variables });
const expressions = (...given: Parameters<typeof asked>) => asked(...given).targets.map(({ expression }) => expression);

describe("variables of --query", () => {
  test("without values they are anything; with values each of them; globs are globs; dots are dots", () => {
    const query = ['lag{machine=~"{machine}",job="api"}'];
    expect(expressions(query)).toEqual(['lag{machine=~".*",job="api"}']);
    expect(expressions(query, { name: "machine", values: ["n1.example", "n2*"] })).toEqual([
      'lag{machine=~"(n1\\\\.example|n2.*)",job="api"}',
    ]);
  });

  test("behind = a variable would be looked for as it is, and is refused", () => {
    expect(() => asked(['lag{machine="{machine}"}'])).toThrow(/write =~"\{machine\}"/);
  });

  test("--var holds for those of several queries that have the variable", () => {
    const given = { name: "machine", values: ["n1"] };
    expect(expressions(['lag{machine=~"{machine}"}', "up"], given)).toEqual(['lag{machine=~"n1"}', "up"]);
  });

  test("--var of a variable that the query does not have is refused", () => {
    expect(() => asked(["lag"], { name: "machine", values: ["n1"] })).toThrow(
      /--var machine: --query has no \{machine\}/,
    );
  });
});

describe("the expression that fetches one series again", () => {
  test("a series of a selector has its own", () => {
    const name = 'lag{machine="n1"}';
    expect(asked(["lag"]).targetOf(series(name, { __name__: "lag", machine: "n1" }))).toBe(name);
  });

  test("one of a function comes with all others of its own query, and with no other query's", () => {
    const one = (query?: string) =>
      series('{machine="n1"}', { machine: "n1", ...(query === undefined ? {} : { query }) });
    expect(asked(["sum by (machine) (lag)"]).targetOf(one())).toBe("sum by (machine) (lag)");
    const two = asked(["rate(a[5m])", "errors=rate(b[5m])"]);
    expect(two.targetOf(one("rate(a[5m])"))).toBe("rate(a[5m])");
    expect(two.targetOf(one("errors"))).toBe("rate(b[5m])");
    expect(asked(["rate(a[5m])", "lag"]).targetOf(one("rate(a[5m])"))).toBe("rate(a[5m])");
    expect(asked(["rate(a[5m])", "lag"]).targetOf(series("lag", { __name__: "lag" }))).toBe("lag");
    const named = series('lag{machine="n1"}', { __name__: "lag", machine: "n1", query: "late" });
    expect(asked(["late=lag", "lag"]).targetOf(named)).toBe('lag{machine="n1"}');
  });
});

describe("the label that says whose a series is", () => {
  const labels = (...query: string[]) => asked(query).targets.map((target) => target.labels);

  test("is the name, or of several functions the expression", () => {
    expect(labels("lag=max(a)")).toEqual([{ query: "lag" }]);
    expect(labels("max(a)", "min(a)", "a")).toEqual([{ query: "max(a)" }, { query: "min(a)" }, {}]);
  });

  test("is not there where series differ by themselves, so that what was known before stays known", () => {
    expect(labels("max(a)")).toEqual([{}]);
    expect(labels("a", "b")).toEqual([{}, {}]);
  });

  test("is each query's own: a name given twice is refused, and the same query twice is one", () => {
    expect(() => asked(["lag=a", "lag=b"])).toThrow("--query lag= is given twice");
    expect(labels("max(a)", "max(a)", "b")).toEqual([{ query: "max(a)" }, {}]);
  });
});

describe("a Graphite target in place of the template", () => {
  const paths = (target: string) => askedPaths({ template: "s.{machine}.lag", target, var: [] });

  test("is asked as it is, braces and all, and named by the template only where it fits it", () => {
    expect(paths("s.{n1}.lag")).toMatchObject({
      targets: [{ expression: "s.{n1}.lag", labels: {} }],
      template: "s.{machine}.lag",
    });
    const scaled = paths("scale(s.n1.lag,8)");
    expect([scaled.targets, scaled.template]).toEqual([[{ expression: "scale(s.n1.lag,8)", labels: {} }], undefined]);
    expect(scaled.targetOf(series("scale(s.n1.lag,8)", {}))).toBe("scale(s.n1.lag,8)");
  });
});
