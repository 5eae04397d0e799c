import { describe, expect, test } from "vitest";
import { decodeFrames } from "./frames.js";

const time = { name: "time", type: "time" };
const number = (name: string, labels = {}) => ({ name, type: "number", labels });
const reply = (...frames: unknown[]) => ({ results: { A: { status: 200, frames } } });
const decode = (json: unknown) => decodeFrames(json, "A", "https://grafana.example.com/api/ds/query");

describe("decodeFrames", () => {
  test("every column of numbers is a series; null, NaN and infinities are missing, and infinities are counted", () => {
    const frame = {
      schema: {
        name: "frame",
        fields: [time, number("a", { host: "n1" }), { name: "note", type: "string" }, number("b")],
      },
      data: {
        values: [
          [60_000, 120_000, 180_000, 240_000],
          [1, null, null, 4],
          ["", "", "", ""],
          [null, 2.5, null, null],
        ],
        entities: [null, { NaN: [1], Inf: [2], NegInf: [] }, null, { NegInf: [3] }],
      },
    };
    const series = decode(reply(frame, { schema: { fields: [] }, data: { values: [] } }));
    expect(series.map(({ name, labels, values, infinite }) => [name, labels, [...values], infinite])).toEqual([
      ["frame", { host: "n1" }, [1, Number.NaN, Number.NaN, 4], 1],
      ["frame", {}, [Number.NaN, 2.5, Number.NaN, Number.NaN], 1],
    ]);
    expect([...series[0].times]).toEqual([60_000, 120_000, 180_000, 240_000]);
  });

  test("the name is the one that the data source gave", () => {
    const field = { ...number("value"), config: { displayNameFromDS: "a.b.c" } };
    const [series] = decode(reply({ schema: { name: "x", fields: [time, field] }, data: { values: [[1], [2]] } }));
    expect(series.name).toBe("a.b.c");
  });

  test("the empty name of 12.4.0 is that of the only query", () => {
    const { A } = reply({ schema: { name: "x", fields: [time, number("v")] }, data: { values: [[1], [2]] } }).results;
    expect(decode({ results: { "": A } })).toHaveLength(1);
    expect(() => decode({ results: { "": A, B: A } })).toThrow(expect.objectContaining({ code: "source.unexpected" }));
  });

  test("no frames are no series", () => {
    expect(decode({ results: { A: { status: 200, frames: null } } })).toEqual([]);
    expect(decode(reply())).toEqual([]);
    expect(decode({ results: {} })).toEqual([]);
  });

  test.each([
    ["an error of the data source", { results: { A: { status: 400, error: "bad\n query" } } }, "source.refused"],
    ["what Graphite refuses", { results: { A: { status: 500, error: "bad target" } } }, "source.server_error"],
    [
      "a data source that refuses the connection",
      { results: { A: { status: 502, error: "gone" } } },
      "source.unavailable",
    ],
    ["a data source that is too slow", { results: { A: { status: 504, error: "slow" } } }, "source.unavailable"],
    ["a data source that refuses Grafana", { results: { A: { status: 401, error: "no" } } }, "source.refused"],
    ["another query's result", { results: { B: {} } }, "source.unexpected"],
    ["Graphite's own JSON", [{ target: "a", datapoints: [] }], "source.unexpected"],
    ["nothing", null, "source.unexpected"],
    ["no times", reply({ schema: { fields: [number("a")] }, data: { values: [[1]] } }), "source.unexpected"],
    [
      "fewer rows",
      reply({ schema: { fields: [time, number("a")] }, data: { values: [[1, 2], [1]] } }),
      "source.unexpected",
    ],
  ])("%s is refused with a code of its own", (_, json, code) => {
    expect(() => decode(json)).toThrow(expect.objectContaining({ code }));
  });
});
