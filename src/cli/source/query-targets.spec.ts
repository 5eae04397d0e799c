import { describe, expect, test } from "vitest";
import type { Series } from "../../series/series.js";
import { askedQueries } from "./query-targets.js";

const series = (name: string, labels: Series["labels"]): Series => ({
  name,
  labels,
  startMs: 0,
  stepMs: 60_000,
  values: new Float64Array(0),
});
const asked = (query: readonly string[], ...variables: { name: string; values: readonly string[] }[]) =>
  askedQueries({ query, var: variables });
const expressions = (...given: Parameters<typeof asked>) => asked(...given).targets.map(({ expression }) => expression);

describe("variables of --query", () => {
  test("without values they are anything; with values each of them; globs are globs; dots are dots", () => {
    const query = ['lag{machine=~"{machine}",job="api"}'];
    expect(expressions(query)).toEqual(['lag{machine=~".*",job="api"}']);
    expect(expressions(query, { name: "machine", values: ["n1.example", "n2*"] })).toEqual([
      'lag{machine=~"(n1\\\\.example|n2.*)",job="api"}',
    ]);
  });

  test("behind = a variable would be looked for as it stands, and is refused", () => {
    expect(() => asked(['lag{machine="{machine}"}'])).toThrow(/write =~"\{machine\}"/);
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

  test("one of a function comes with all others of the query, and of several queries with all of them", () => {
    const one = series('{machine="n1"}', { machine: "n1" });
    expect(asked(["sum by (machine) (lag)"]).targetOf(one)).toBe("sum by (machine) (lag)");
    expect(asked(["rate(a[5m])", "rate(b[5m])"]).targetOf(one)).toBe("(rate(a[5m])) or (rate(b[5m]))");
    expect(asked(["rate(a[5m])", "lag"]).targetOf(one)).toBe("rate(a[5m])");
    expect(asked(["rate(a[5m])", "lag"]).targetOf(series("lag", { __name__: "lag" }))).toBe("lag");
  });
});
