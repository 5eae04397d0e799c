import { expect, test } from "vitest";
import { readQuery, writtenQuery } from "./named-query.js";

test.each<[string, ReturnType<typeof readQuery>]>([
  ["lag=max by (instance) (lag_seconds)", { name: "lag", expression: "max by (instance) (lag_seconds)" }],
  ["job:lag.p99-5m = lag", { name: "job:lag.p99-5m", expression: "lag" }],
  ['lag{job="api"}', { expression: 'lag{job="api"}' }],
  ["lag == 3", { expression: "lag == 3" }],
  ["lag==3", { expression: "lag==3" }],
  ["WITH (x = 5) lag * x", { expression: "WITH (x = 5) lag * x" }],
  ["  up ", { expression: "up" }],
  ["lag=", undefined],
  ["", undefined],
])("%s", (text, query) => {
  expect(readQuery(text)).toEqual(query);
  if (query !== undefined) expect(readQuery(writtenQuery(query))).toEqual(query);
});
