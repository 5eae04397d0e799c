import { expect, test } from "vitest";
import { isSelector, metricOf, selectorOf, selects } from "./selector.js";

test.each([
  "up",
  "node:cpu:rate5m",
  'lag{machine="n1"}',
  " lag { machine = \"n1\" , job!~'a|b', } ",
  '{__name__=~"lag_.*"}',
  'x{path="a\\"}b"}',
  "x{path=`}`}",
])("%s is a selector", (text) => {
  expect(isSelector(text)).toBe(true);
});

test.each(["rate(x[5m])", "a / b", "sum(x)", "x offset 1h", "x[5m]", "{}", "1", "", 'x{a="b"', "sum by (a) (x)"])(
  "%s is none",
  (text) => {
    expect(isSelector(text)).toBe(false);
  },
);

test("a series' own selector holds all its labels, quoted as PromQL reads them", () => {
  expect(selectorOf({ __name__: "lag", machine: 'n"1\\', a: "x" })).toBe('lag{a="x",machine="n\\"1\\\\"}');
  expect(selectorOf({ __name__: "up" })).toBe("up");
  expect(selectorOf({ machine: "n1" })).toBe('{machine="n1"}');
  expect(selectorOf({ __name__: "http.requests" })).toBe('{__name__="http.requests"}');
  expect(metricOf(' lag {machine="n1"}')).toBe("lag");
  expect(metricOf('{__name__="lag"}')).toBeUndefined();
});

test.each([
  ["lag", true],
  ["lags", false],
  ['{__name__="lag",machine="n1"}', true],
  ['lag{machine!="n1"}', false],
  ["lag{machine=~'n[12]'}", true],
  ["lag{machine=~`n`}", false],
  ['lag{shard="",machine!~"m.*"}', true],
  ['lag{path="a\\\\b"}', true],
  ['lag{machine=~"(?i)N1"}', true],
])("%s selects the series: %s", (selector, is) => {
  expect(selects(selector, { __name__: "lag", machine: "n1", path: "a\\b" })).toBe(is);
});
