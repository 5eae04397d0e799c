import { describe, expect, test } from "vitest";
import { MINUTE_MS } from "../../time/duration.js";
import { DEFAULT_RESIDUAL } from "./options.js";
import { Recurrence } from "./recurrence.js";

const DAY = 1440;
const START = 29_000_000;

/** Bursts above the expected at a minute of each of some days before, and what is usual of a minute of the last. */
function usualAfter(bursts: readonly (readonly [day: number, minute: number, size: number])[], at: number): number {
  const recurrence = new Recurrence(MINUTE_MS, DEFAULT_RESIDUAL);
  for (let minute = -8 * DAY; minute <= at; minute++) {
    recurrence.moveTo(START + minute);
    for (const [day, when, size] of bursts) if (minute === when - day * DAY) recurrence.note("above", size);
  }
  expect(recurrence.divisor("below")).toBe(1);
  return recurrence.divisor("above");
}

describe("Recurrence", () => {
  test.each([
    ["a burst on one day is none", [[1, 600, 9]], 600, 1],
    [
      "on two of the last three days the smaller of both is usual",
      [
        [1, 600, 9],
        [3, 600, 4],
      ],
      600,
      4,
    ],
    [
      "on two of the last seven days half of it is",
      [
        [4, 600, 9],
        [6, 600, 4],
      ],
      600,
      2,
    ],
    [
      "20 minutes earlier is the same time",
      [
        [1, 580, 9],
        [2, 600, 4],
      ],
      600,
      4,
    ],
    [
      "half an hour earlier is another",
      [
        [1, 570, 9],
        [2, 600, 4],
      ],
      600,
      1,
    ],
    [
      "what was no alarm does not count",
      [
        [1, 600, 0.9],
        [2, 600, 0.9],
      ],
      600,
      1,
    ],
    [
      "eight days ago is forgotten",
      [
        [8, 600, 9],
        [7, 600, 9],
      ],
      600,
      1,
    ],
  ] as const)("%s", (_, bursts, at, usual) => {
    // Sizes are kept within 2.2 %.
    expect(Math.abs(usualAfter(bursts, at) / usual - 1)).toBeLessThan(0.022);
  });

  test("an hour that the clock shows twice keeps what both had", () => {
    const recurrence = new Recurrence(MINUTE_MS, DEFAULT_RESIDUAL);
    for (const day of [0, 1]) {
      for (let minute = 0; minute < 180; minute++) {
        recurrence.moveTo(START + day * DAY + minute);
        if (minute === 100) recurrence.note("above", 5);
      }
      for (let minute = 90; minute < 150; minute++) recurrence.moveTo(START + day * DAY + minute);
    }
    recurrence.moveTo(START + 2 * DAY + 100);
    expect(recurrence.divisor("above")).toBeGreaterThan(4.8);
  });
});
