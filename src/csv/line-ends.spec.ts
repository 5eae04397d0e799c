import fc from "fast-check";
import { expect, test } from "vitest";
import { oneLineEnd } from "./line-ends.js";

test("carriage returns before a line feed or the end are one, whatever is around them", () => {
  const pieces = fc.array(fc.constantFrom("\r", "\r", "\n", "\r\r\n", "a", ",", '"'), { maxLength: 40 });
  fc.assert(
    fc.property(pieces, (list) => {
      const text = list.join("");
      expect(oneLineEnd(Buffer.from(text)).toString()).toBe(text.replace(/\r+(?=\n|$)/g, "\r"));
    }),
    { numRuns: 2000 },
  );
});
