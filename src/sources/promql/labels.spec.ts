import { expect, test } from "vitest";
import type { Labels } from "../../series/series.js";
import { promqlLabels } from "./labels.js";

const read = (own: Labels, target: Labels, renamed: Labels = {}) => {
  const reply = { name: "x", labels: own, times: new Float64Array(0), values: new Float64Array(0), infinite: 0 };
  return promqlLabels(reply, { expression: "e", labels: target }, renamed)?.labels;
};

test("a series' own label query gives way to the query that brought it", () => {
  expect(read({ instance: "a", query: "SELECT 1" }, { query: "slow" })).toEqual({
    instance: "a",
    machine: "a",
    aggregator: "slow",
    query: "slow",
    exported_query: "SELECT 1",
  });
  expect(read({ instance: "a", query: "SELECT 1" }, {})).toMatchObject({ query: "SELECT 1", aggregator: "value" });
});

test.each<[string, Labels, Labels]>([
  ["with its query", { instance: "a" }, { query: "lag" }],
  ["with a label query of its own as well", { instance: "a", query: "SELECT 1" }, { query: "slow" }],
  ["without either", { __name__: "up", instance: "a", job: "j" }, {}],
])("a series is found again by all its labels: %s", (_, own, target) => {
  const labels = read(own, target, { machine: "instance" });
  expect(read(own, labels!, { machine: "instance" })).toEqual(labels);
  // Machine and aggregator are as they were read, also where --label does not say so again.
  expect(read(own, labels!)).toEqual(labels);
});

test("a series with other, fewer or no such labels is not the one that is meant", () => {
  const target = { instance: "a", job: "j", machine: "a", aggregator: "value" };
  expect(read({ instance: "a", job: "k" }, target)).toBeUndefined();
  expect(read({ instance: "a" }, target)).toBeUndefined();
  expect(read({ machine: "b", instance: "a", job: "j" }, target)).toBeUndefined();
});
