import { describe, expect, test } from "vitest";
import { valueDomain } from "./value-domain.js";

describe("the value axis", () => {
  test.each([
    ["nothing at all", [], []],
    ["only nulls", [null, null], [null]],
    ["a constant zero", [0, 0], []],
  ])("of %s goes from 0 to 1", (_, observed, compared) => {
    expect(valueDomain(observed, compared)).toEqual({ low: 0, high: 1 });
  });

  test("of one value, or a constant, holds it in the middle", () => {
    expect(valueDomain([5], [])).toEqual({ low: 2.5, high: 7.5 });
    expect(valueDomain([-5, -5], [])).toEqual({ low: -7.5, high: -2.5 });
  });

  test("begins at zero where zero is near, and does not where it would flatten the data", () => {
    expect(valueDomain([0.02, 0.06], []).low).toBe(0);
    expect(valueDomain([1000, 1002], []).low).toBeGreaterThan(999);
    expect(valueDomain([-0.06, -0.02], []).high).toBe(0);
  });

  test("leaves room above the highest value", () => {
    expect(valueDomain([0, 10], []).high).toBeCloseTo(11.2, 12);
  });

  test("shows the band as far as one height of the data, not more", () => {
    const { low, high } = valueDomain([100, 110], [0, 105, 1000]);
    expect(low).toBeCloseTo(90 - 0.06 * 30, 12);
    expect(high).toBeCloseTo(120 + 0.12 * 30, 12);
  });

  test("of a silence is that of what was expected", () => {
    const { low, high } = valueDomain([null, null], [0.02, null, 0.03]);
    expect(low).toBeLessThan(0.02);
    expect(high).toBeGreaterThan(0.03);
    expect(high).toBeLessThan(0.04);
  });

  test("does not go below zero for a lower bound, where no value does", () => {
    expect(valueDomain([0.01, 0.02], [-0.01, 0.03]).low).toBe(0);
  });
});
