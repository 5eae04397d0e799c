import { expect, test } from "vitest";
import { WEEK_MS } from "../time/duration.js";
import { askedThreshold } from "./asked-threshold.js";
import { episodeBudget } from "./options/parsers.js";

const GIVEN = { threshold: "flag" };
const NOT_GIVEN = { threshold: "default" };

test("an alert budget, a percentile, or neither", () => {
  const budget = { threshold: "strict", maxEpisodes: 2 };
  expect(askedThreshold(budget, NOT_GIVEN)).toEqual({ kind: "budget", episodes: 2, perMs: WEEK_MS });
  const percentile = { threshold: "p99.5", maxEpisodes: undefined };
  expect(askedThreshold(percentile, GIVEN)).toEqual({ kind: "quantile", p: 0.995 });
  expect(askedThreshold({ ...percentile, threshold: "strict" }, NOT_GIVEN)).toBeUndefined();
});

test("both contradict each other, in every command", () => {
  expect(() => askedThreshold({ threshold: "strict", maxEpisodes: 2 }, GIVEN)).toThrow(/give one of them/);
});

test("a budget is written as episodes and a time, and read as episodes a week", () => {
  expect(["2/week", "1/day", "0.5/w"].map((text) => episodeBudget.read(text))).toEqual([2, 7, 0.5]);
  for (const bad of ["2", "0/week", "x/week", "1/fortnight"]) expect(episodeBudget.read(bad)).toBeUndefined();
});
