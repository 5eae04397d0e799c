import { expect, test } from "vitest";
import { parseThreshold } from "../../detectors/threshold.js";
import { byteSize, threshold } from "./parsers.js";

test.each<[string, number | undefined]>([
  ["64MB", 64_000_000],
  ["64M", 64_000_000],
  ["1.5 GB", 1_500_000_000],
  ["512MiB", 536_870_912],
  ["1024", 1024],
  ["0", undefined],
  ["-1MB", undefined],
  ["64 apples", undefined],
  ["", undefined],
])("a size: %s", (text, bytes) => {
  expect(byteSize.read(text)).toBe(bytes);
});

test.each([
  "strict",
  "permissive",
  "p50",
  "p99",
  "p99.5",
  "p99.999",
  "p0",
  "p1",
  "p9",
  "p49.9",
  "p100",
  "99",
  "loose",
  "",
])("--threshold takes %j exactly where the detectors do", (text) => {
  const parsed = () => parseThreshold(text);
  if (threshold.read(text) === undefined) expect(parsed).toThrow(/is not a threshold/);
  else expect(parsed).not.toThrow();
});
