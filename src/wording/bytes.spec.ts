import { expect, test } from "vitest";
import { bytes } from "./bytes.js";

test("bytes come in the unit that keeps them short", () => {
  expect([0, 999, 1000, 123_456, 4_200_000].map(bytes)).toEqual(["0 B", "999 B", "1.0 kB", "123 kB", "4.2 MB"]);
});
