import { expect, test } from "vitest";
import { packArrayHead, packMapHead, packNumber, packString } from "./msgpack.js";

// The bytes are those of u-msgpack-python 2.7 as graphite-web 1.1.8 brings it: umsgpack.packb(value).hex().
test.each([
  [0, "00"],
  [127, "7f"],
  [128, "cc80"],
  [255, "ccff"],
  [256, "cd0100"],
  [65_535, "cdffff"],
  [65_536, "ce00010000"],
  [4_294_967_295, "ceffffffff"],
  [-1, "cbbff0000000000000"],
  [1.5, "cb3ff8000000000000"],
  [Number.NaN, "c0"],
])("the number %d", (value, bytes) => {
  expect(packNumber(value).toString("hex")).toBe(bytes);
});

test("texts, arrays and maps by their length", () => {
  expect(packString("a").toString("hex")).toBe("a161");
  expect(packString("x".repeat(31)).toString("hex")).toMatch(/^bf7878/);
  expect(packString("x".repeat(32)).toString("hex")).toMatch(/^d92078/);
  // The length is that of the bytes.
  expect(packString("é".repeat(200)).toString("hex")).toMatch(/^da0190c3a9/);
  expect(packString("x".repeat(65_536)).toString("hex")).toMatch(/^db0001000078/);
  expect([15, 16, 65_536].map((length) => packArrayHead(length).toString("hex"))).toEqual([
    "9f",
    "dc0010",
    "dd00010000",
  ]);
  expect([9, 16].map((entries) => packMapHead(entries).toString("hex"))).toEqual(["89", "de0010"]);
});
