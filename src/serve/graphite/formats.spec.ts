import { describe, expect, test } from "vitest";
import { FORMATS, pythonFloat } from "./formats.js";
import type { GraphSeries } from "./graph-series.js";

// What Python 3.11 prints for repr(float(value)).
test.each([
  [0, "0.0"],
  [-0, "-0.0"],
  [1, "1.0"],
  [0.1, "0.1"],
  [0.0001, "0.0001"],
  [0.00001, "1e-05"],
  [-2.5e-7, "-2.5e-07"],
  [1e15, "1000000000000000.0"],
  [1e16, "1e+16"],
  [123_456_789_012_345_680, "1.2345678901234568e+17"],
  [1e22, "1e+22"],
  [Number.POSITIVE_INFINITY, "inf"],
])("%d is written as Python writes it", (value, text) => {
  expect(pythonFloat(value)).toBe(text);
});

const series = (name: string, values: readonly number[]): GraphSeries => ({
  name,
  pathExpression: name,
  tags: { name },
  startS: 1_751_404_440,
  endS: 1_751_404_440 + 60 * values.length,
  stepS: 60,
  values: Float64Array.from(values),
  consolidation: "average",
});
const text = (format: string, all: readonly GraphSeries[], timezone = "UTC") =>
  [...FORMATS[format].pieces(all, timezone)].join("");

describe("an answer of /render", () => {
  const all = [series('f(a,"b")', [1, Number.NaN]), series("c", [Number.POSITIVE_INFINITY])];

  test("as JSON: null is missing, and infinity a number that is read as one", () => {
    expect(text("json", all)).toBe(
      '[{"target":"f(a,\\"b\\")","tags":{"name":"f(a,\\"b\\")"},"datapoints":[[1.0,1751404440],[null,1751404500]]},' +
        '{"target":"c","tags":{"name":"c"},"datapoints":[[1e9999,1751404440]]}]',
    );
    expect(text("json", [])).toBe("[]");
  });

  test("as CSV: quoted where needed, in the zone of the request, missing is empty", () => {
    expect(text("csv", all)).toBe(
      '"f(a,""b"")",2025-07-01 21:14:00,1.0\r\n"f(a,""b"")",2025-07-01 21:15:00,\r\nc,2025-07-01 21:14:00,inf\r\n',
    );
    expect(text("csv", [series("c", [2])], "Europe/Berlin")).toBe("c,2025-07-01 23:14:00,2.0\r\n");
  });

  test("as raw lines", () => {
    expect(text("raw", all)).toBe('f(a,"b"),1751404440,1751404560,60|1.0,None\nc,1751404440,1751404500,60|inf\n');
  });

  test("a long one comes in pieces that are short to make", () => {
    const long = series(
      "long",
      Array.from({ length: 100_000 }, (_, i) => i / 7),
    );
    for (const name of Object.keys(FORMATS)) {
      const sizes = [...FORMATS[name].pieces([long], "UTC")].map(({ length }) => length);
      expect(Math.max(...sizes)).toBeLessThan(150_000);
    }
    expect(JSON.parse(text("json", [long]))[0].datapoints).toHaveLength(100_000);
  });
});
