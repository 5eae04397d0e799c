import { expect, test } from "vitest";
import { thresholdForBudget } from "./residual-budget.js";

test("a larger budget never has a higher threshold, and budgets beyond what was measured have the last one", () => {
  const budgets = [0.01, 0.1, 0.3, 0.54, 1, 2, 3, 5, 7, 50];
  const thresholds = budgets.map(thresholdForBudget);
  expect(thresholds).toEqual([...thresholds].sort((a, b) => b - a));
  expect(thresholds[0]).toBe(2);
  expect(thresholds[budgets.length - 1]).toBe(0.5);
});

// math.exp(math.log(.8) + math.log(1/1.1) / math.log(.75/1.1) * math.log(.9/.8)) in Python 3
test("between two measured points it lies on a line in logarithms", () => {
  expect(thresholdForBudget(1)).toBeCloseTo(0.8237959145455109, 12);
  expect(thresholdForBudget(0.54)).toBeCloseTo(1, 12);
});
