import { expect, test } from "vitest";
import { findByLabels } from "./find-by-labels.js";

test("finds what has exactly these labels in any order, the first of equals", () => {
  const [a, b, c] = [{ labels: { x: "1", y: "2" } }, { labels: { x: "1" } }, { labels: { y: "2", x: "1" } }];
  const list = [a, b, c];
  expect(findByLabels(list, { y: "2", x: "1" })).toBe(a);
  expect(findByLabels(list, { x: "1" })).toBe(b);
  expect(findByLabels(list, { y: "2" })).toBeUndefined();
  expect(findByLabels([], {})).toBeUndefined();
});

test("a thousand look-ups read each of a thousand series once", () => {
  let reads = 0;
  const list = Array.from({ length: 1000 }, (_, i) => ({
    get labels() {
      reads++;
      return { machine: `n${i}` };
    },
  }));
  for (let i = 0; i < 1000; i++) findByLabels(list, { machine: `n${i}` });
  expect(reads).toBe(1000);
});
