import { expect, test } from "vitest";
import { verdictIn } from "./words.js";

test.each([
  ["false", "false", null],
  ["False alarm!", "false", null],
  ["false alarm: load test of ann", "false", "load test of ann"],
  ["false\nwe restarted it", "false", "we restarted it"],
  ["real", "true", null],
  ["TRUE - disk is full", "true", "disk is full"],
  [" expected, weekly copy ", "expected", "weekly copy"],
])("%j is a verdict", (text, verdict, note) => {
  expect(verdictIn(text)).toEqual({ verdict, note });
});

test.each([
  "",
  "falsehood",
  "is it real?",
  "real quick question",
  "not false",
  "expected value is 3",
  "Noted: a false alarm",
])("%j is talk", (text) => {
  expect(verdictIn(text)).toBeUndefined();
});
