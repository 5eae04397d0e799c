import { expect, test } from "vitest";
import { byteSize } from "./parsers.js";

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
