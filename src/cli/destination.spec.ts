import { describe, expect, test } from "vitest";
import { decideDestination } from "./destination.js";

describe("decideDestination", () => {
  test.each([
    [undefined, "pipe", { kind: "stdout" }],
    [undefined, "file", { kind: "stdout" }],
    [undefined, "terminal", { kind: "path", path: "out/usual" }],
    [undefined, "device", { kind: "path", path: "out/usual" }],
    ["-", "terminal", { kind: "stdout" }],
    ["there", "pipe", { kind: "path", path: "there" }],
  ] as const)("-o %s with stdout a %s", (output, stdout, expected) => {
    expect(decideDestination(output, stdout, "out/usual")).toEqual(expected);
  });
});
