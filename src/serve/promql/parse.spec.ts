import { describe, expect, test } from "vitest";
import { parseQuery, parseSelector } from "./parse.js";

describe("a query", () => {
  test.each([
    ["1+1", { kind: "number", value: 2 }],
    ["-(2 ^ 3) * 2", { kind: "number", value: -16 }],
    ["anomaly_score", { kind: "selector", matchers: [{ label: "__name__", op: "=", value: "anomaly_score" }] }],
    [
      'anomaly_score{job="a\\"\\\\\\n", x!~\'b.*\', y=~`c\\d`}',
      {
        kind: "selector",
        matchers: [
          { label: "__name__", op: "=", value: "anomaly_score" },
          { label: "job", op: "=", value: 'a"\\\n' },
          { label: "x", op: "!~", value: "b.*" },
          { label: "y", op: "=~", value: "c\\d" },
        ],
      },
    ],
    [
      "anomaly_score(sum by (host) (rate(errors_total[5m])))",
      {
        kind: "detection",
        what: "score",
        expression: "sum by (host) (rate(errors_total[5m]))",
        job: undefined,
      },
    ],
    [' anomaly_band ( up , "node" ) ', { kind: "detection", what: "band", expression: "up", job: "node" }],
    // The comma of a function of the expression is no job, also where a string follows it.
    [
      'anomaly_lower(label_replace(up, "a", "b", "c", "d"))',
      { kind: "detection", what: "lower", expression: 'label_replace(up, "a", "b", "c", "d")', job: undefined },
    ],
    [
      "anomaly_score(up) >= bool 1.5",
      {
        kind: "comparison",
        op: ">=",
        right: 1.5,
        isBool: true,
        left: { kind: "detection", what: "score", expression: "up", job: undefined },
      },
    ],
    [
      '(anomaly_score{a="b"}) > 1',
      {
        kind: "comparison",
        op: ">",
        right: 1,
        isBool: false,
        left: {
          kind: "selector",
          matchers: [
            { label: "__name__", op: "=", value: "anomaly_score" },
            { label: "a", op: "=", value: "b" },
          ],
        },
      },
    ],
  ])("%s is read", (text, query) => {
    expect(parseQuery(text)).toEqual(query);
  });

  test.each([
    ["", /empty/],
    ["anomaly_score(", /not PromQL at character/],
    ["anomaly_score()", /needs an expression/],
    ["anomaly_score(up{)", /not PromQL at character 4: \)|not PromQL/],
    ["anomaly_nope(up)", /no function anomaly_nope/],
    ["rate(anomaly_score[5m])", /is not evaluated here; understood are/],
    ["anomaly_score offset 5m", /is not evaluated here/],
    ["anomaly_score > anomaly_upper", /is not evaluated here/],
    ["x".repeat(20_001), /up to 20000 are read/],
  ])("%s is refused with a sentence and 400", (text, says) => {
    expect(() => parseQuery(text)).toThrow(says);
    expect(() => parseQuery(text)).toThrow(expect.objectContaining({ statusCode: 400, errorType: "bad_data" }));
  });

  test("a selector is nothing but a selector", () => {
    expect(parseSelector('{__name__=~"anomaly_.*"}')).toHaveLength(1);
    expect(() => parseSelector("sum(up)")).toThrow(/needs a selector/);
  });
});
