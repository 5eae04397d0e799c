import { expect, test } from "vitest";
import { hoursOf, roughDuration } from "./rough-duration.js";

test.each([
  [0, "1s"],
  [1200, "20m"],
  [5400, "1h 30m"],
  [5 * 86_400 + 3600, "5d 1h"],
  [172_799, "48h"],
])("%d seconds are %s", (seconds, words) => {
  expect(roughDuration(seconds)).toBe(words);
});

test.each([
  [0.5, "0.5 h"],
  [9.96, "10 h"],
  [12, "12 h"],
  [1340.4, "1,340 h"],
])("%d hours are %s", (hours, words) => {
  expect(hoursOf(hours)).toBe(words);
});
