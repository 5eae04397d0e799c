import fc from "fast-check";
import { expect, test } from "vitest";
import { escapeInvisible, visible } from "./visible.js";

test.each([
  ["ESC and BEL, which steer terminals", "\u001b[31mred\u0007", "\\u001b[31mred\\u0007"],
  ["a right-to-left override", "txt\u202egpj", "txt\\u202egpj"],
  ["isolates", "\u2066a\u2069", "\\u2066a\\u2069"],
  ["zero width", "a\u200bb\u2060c\ufeff", "a\\u200bb\\u2060c\\ufeff"],
  ["a control of eight bits", "\u009b31m", "\\u009b31m"],
  ["an invisible tag", "\u{e0041}", "\\udb40\\udc41"],
  ["line feeds and tabs", "a\n\tb", "a\\u000a\\u0009b"],
])("%s", (_, text, shown) => {
  expect(visible(text)).toBe(shown);
});

test("letters of all scripts and emoji stay", () => {
  expect(visible("Größe 温度 θ שלום 🚀")).toBe("Größe 温度 θ שלום 🚀");
});

test("colours and line feeds of our own stay", () => {
  expect(escapeInvisible("\u001b[31merror: \u001b[39mx\n")).toBe("\u001b[31merror: \u001b[39mx\n");
});

test("JSON says the same with and without", () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
      expect(JSON.parse(escapeInvisible(JSON.stringify(value)))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
