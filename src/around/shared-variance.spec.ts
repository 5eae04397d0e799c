import { expect, test } from "vitest";
import { normal, seededRandom } from "../math/random.js";
import { degreesOfMad, madVariance, sharedVariance } from "./shared-variance.js";

const DAYS = 7;

/** Variances by MAD of seven normal days for each of many series, whose true variances are given. */
function variancesOf(count: number, trueVariance: (random: () => number) => number): number[] {
  const random = seededRandom(5);
  return Array.from({ length: count }, () => {
    const deviation = Math.sqrt(trueVariance(random));
    return madVariance(
      Float64Array.from({ length: DAYS }, () => deviation * normal(random)),
      DAYS,
    ).variance;
  });
}

/** As Smyth's prior has it: d0 s0² over a chi-square variate of d0 degrees, s0² = 1. */
function scaledInverseChiSquare(degrees: number) {
  return (random: () => number) => {
    let sum = 0;
    for (let i = 0; i < degrees; i++) sum += normal(random) ** 2;
    return degrees / sum;
  };
}

test("series that all vary alike say more of one another than seven days of their own", () => {
  const { degrees } = sharedVariance(
    variancesOf(5000, () => 3),
    DAYS,
  );
  expect(degrees).toBeGreaterThan(5 * degreesOfMad(DAYS));
});

test.each([4, 8])("finds %i degrees where true variances are drawn with as many", (degrees) => {
  const found = sharedVariance(variancesOf(20_000, scaledInverseChiSquare(degrees)), DAYS);
  // Quartiles instead of moments, and two terms of a series: within a third.
  expect(found.degrees / degrees).toBeGreaterThan(2 / 3);
  expect(found.degrees / degrees).toBeLessThan(4 / 3);
});

test("series that vary each in its own way say little of one another", () => {
  const { degrees } = sharedVariance(
    variancesOf(5000, (random) => Math.exp(3 * normal(random))),
    DAYS,
  );
  expect(degrees).toBeLessThan(degreesOfMad(DAYS));
});

test("a MAD of many days is worth 37 % of a variance, as its asymptotic efficiency says", () => {
  // Rousseeuw & Croux 1993: 36.74 %. Two standard errors of 4,000 draws are a tenth.
  expect(degreesOfMad(60) / (0.3674 * 59)).toBeGreaterThan(0.9);
  expect(degreesOfMad(60) / (0.3674 * 59)).toBeLessThan(1.1);
});

test("constant series are skipped, and few series say as much as half a week", () => {
  expect(sharedVariance([0, 0], DAYS)).toEqual({ variance: 1, degrees: 1.5 });
  expect(sharedVariance([], DAYS)).toEqual({ variance: 1, degrees: 1.5 });
  expect(sharedVariance([0, 2, 2, 2], DAYS)).toEqual({ variance: expect.closeTo(2, 12), degrees: 1.5 });
});
