import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeMatrix } from "./reply.js";
import { scanMatrix } from "./scan-matrix.js";

const STEP_MS = 60_000;

const matrix = (result: unknown, more: object = {}) =>
  JSON.stringify({ status: "success", isPartial: false, data: { resultType: "matrix", result }, ...more });
const scanned = (text: string) => {
  const read = scanMatrix(text, STEP_MS);
  return read && decodeMatrix(read, "a test", STEP_MS);
};

describe("the text of a range query's reply", () => {
  test.each([
    ["no series", []],
    ["a series without values", [{ metric: { a: "b" }, values: [] }]],
    ["a series without labels", [{ metric: {}, values: [[1751328000, "1"]] }]],
    [
      "names with quotes, braces and backslashes",
      [
        {
          metric: { __name__: "x", path: 'C:\\"dir"\\{},"values":[', word: "größe ☃" },
          values: [[1751328000.06, "-0"]],
        },
      ],
    ],
    [
      "values that are no plain decimals",
      [
        {
          metric: { a: "b" },
          values: [
            "NaN",
            "+Inf",
            "-Inf",
            "1e-7",
            "1.7976931348623157e308",
            "0.1",
            "123456789012345678",
            "",
            "5.",
            ".5",
          ].map((value, i) => [1751328000 + i * 60, value]),
        },
      ],
    ],
    [
      "series at the same and at other times",
      [
        {
          metric: { n: "1" },
          values: [
            [60, "1"],
            [120, "2"],
          ],
        },
        {
          metric: { n: "2" },
          values: [
            [60, "3"],
            [120, "4"],
          ],
        },
        {
          metric: { n: "3" },
          values: [
            [120, "5"],
            [180, "6"],
          ],
        },
        { metric: { n: "4" }, values: [[60, "7"]] },
      ],
    ],
    [
      "more values than fit at first",
      [{ metric: {}, values: Array.from({ length: 300 }, (_, i) => [i * 60, `${i}.5`]) }],
    ],
  ])("with %s is read as its JSON is", (_, result) => {
    const text = matrix(result, { stats: { seriesFetched: "1" } });
    expect(scanned(text)).toEqual(decodeMatrix(JSON.parse(text), "a test", STEP_MS));
  });

  test("gives every number that JSON and Number give, to the last bit", () => {
    const decimal = fc
      .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 17n }), fc.integer({ min: 0, max: 17 }))
      .map(([isNegative, digits, places]) => {
        const text = String(digits).padStart(places + 1, "0");
        const [whole, part] = [text.slice(0, text.length - places), text.slice(text.length - places)];
        return `${isNegative ? "-" : ""}${whole}${part === "" ? "" : `.${part}`}`;
      });
    const value = fc.oneof(decimal, fc.double().map(String), fc.integer().map(String));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 8 }), (values) => {
        const text = matrix([{ metric: {}, values: values.map((one, i) => [i * 60, one]) }]);
        const [ours] = scanned(text) ?? [];
        const [json] = decodeMatrix(JSON.parse(text), "a test", STEP_MS);
        expect(ours).toEqual(json);
      }),
    );
  });

  test("that is cut off anywhere is not read, and left to be read as JSON", () => {
    const text = matrix([
      {
        metric: { a: 'b"}' },
        values: [
          [60, "1.5"],
          [120, "NaN"],
        ],
      },
      { metric: { a: "c" }, values: [[60, "2"]] },
    ]);
    for (let length = 0; length < text.length; length++)
      expect(scanMatrix(text.slice(0, length), STEP_MS)).toBeUndefined();
  });

  test.each([
    [
      "written with spaces",
      '{"status": "success", "data": {"resultType": "matrix", "result": [{"metric": {}, "values": []}]}}',
    ],
    ["of histograms", matrix([{ metric: {}, histograms: [] }])],
    ["with values before the metric", matrix([{ values: [], metric: {} }])],
    ["with numbers for values", matrix([{ metric: {}, values: [[60, 1]] }])],
    ["with labels that hold more than text", matrix([{ metric: { a: { b: "c" } }, values: [] }])],
    ["of another kind", '{"status":"error","error":"no"}'],
  ])("%s is left to be read as JSON", (_, text) => {
    expect(scanMatrix(text, STEP_MS)).toBeUndefined();
  });

  test.each([
    [
      "says that it is partial",
      JSON.stringify({ status: "success", isPartial: true, data: { resultType: "matrix", result: [] } }),
    ],
    ["is no matrix", JSON.stringify({ status: "success", data: { resultType: "vector", result: [] } })],
    ["failed", JSON.stringify({ status: "error", data: { resultType: "matrix", result: [] } })],
  ])("that %s is refused as its JSON is", (_, text) => {
    const refusal = (read: () => unknown) => {
      try {
        return read();
      } catch (error) {
        return String(error);
      }
    };
    const json = refusal(() => decodeMatrix(JSON.parse(text), "a test", STEP_MS));
    expect(json).toEqual(expect.any(String));
    expect(refusal(() => scanned(text))).toEqual(json);
  });
});
