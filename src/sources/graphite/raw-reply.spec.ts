import { expect, test } from "vitest";
import { decodeRaw } from "./raw-reply.js";

// As graphite-web 1.1.8 writes it.
const WHOLE = "a.b,60,240,60|1.5,None,-2e-05\nsumSeries(a,b),60,180,60|inf,nan\nanomaly-end,60,180,60|0,0,0\n";

test("each line is a series; None, nan and infinities are missing, and infinities are counted", () => {
  const series = decodeRaw(WHOLE, "g");
  expect(series.map(({ name, times, values, infinite }) => [name, [...times], [...values], infinite])).toEqual([
    ["a.b", [60_000, 120_000, 180_000], [1.5, Number.NaN, -2e-5], 0],
    ["sumSeries(a,b)", [60_000, 120_000], [Number.NaN, Number.NaN], 1],
  ]);
});

test("wherever a reply is cut, it is known to be cut", () => {
  for (let length = 0; length < WHOLE.indexOf("anomaly-end,"); length++) {
    expect(() => decodeRaw(WHOLE.slice(0, length), "g")).toThrow(expect.objectContaining({ code: "source.cut_off" }));
  }
});

test("a value that is missing within is known, too", () => {
  expect(() => decodeRaw(WHOLE.replace("1.5,", ""), "g")).toThrow(/a\.b has 2 values/);
});
