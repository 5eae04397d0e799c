import { describe, expect, test } from "vitest";
import { detectDialect } from "./dialect.js";
import type { Dialect } from "./dialect-type.js";

const detect = (sample: string) => detectDialect(sample) as Dialect;
const words = (sample: string) => {
  const d = detect(sample);
  return [d.shape, d.delimiter, d.decimal, d.header, d.timeColumn, d.timeFormat];
};

describe("detectDialect finds", () => {
  test.each([
    ["wide ISO", "Time,n1,n2\n2025-07-01T00:00:00Z,1,2\n", ["wide", ",", ".", true, 0, "ISO 8601 UTC"]],
    ["zone", "Time,n1\n2025-07-01T00:00:00+02:00,1\n", ["wide", ",", ".", true, 0, "ISO 8601 with zone"]],
    ["naive", "time,n1\n2025-07-01 00:00:00,1\n", ["wide", ",", ".", true, 0, "YYYY-MM-DD HH:MM:SS without zone"]],
    ["dates", "Date,n1\n2025-07-01,1\n", ["wide", ",", ".", true, 0, "dates without zone"]],
    ["epoch s", "timestamp,value\n1751328000,1\n", ["wide", ",", ".", true, 0, "epoch s"]],
    ["epoch ms", '"Time","n1"\r\n1751328000000,1\r\n', ["wide", ",", ".", true, 0, "epoch ms"]],
    ["epoch ns", "ts,v\n1751328000000000000,1\n", ["wide", ",", ".", true, 0, "epoch ns"]],
    [
      "Graphite's own",
      "a.b.c,2025-07-01 00:00:00,1.5\r\na.b.c,2025-07-01 00:01:00,\r\n",
      ["long", ",", ".", false, 1, "YYYY-MM-DD HH:MM:SS without zone"],
    ],
    [
      "Graphite with quotes",
      '"sum(a,b)",2025-07-01 00:00:00,1\r\n',
      ["long", ",", ".", false, 1, "YYYY-MM-DD HH:MM:SS without zone"],
    ],
    [
      "tagged names",
      "disk;dc=1,2025-07-01 00:00:00,1\n",
      ["long", ",", ".", false, 1, "YYYY-MM-DD HH:MM:SS without zone"],
    ],
    ["Grafana long", '"Time","Metric","Value"\n1751328000000,"n1",1\n', ["long", ",", ".", true, 0, "epoch ms"]],
    ["old Grafana", "Series;Time;Value\nn1;2025-07-01T00:00:00+00:00;1\n", ["long", ";", ".", true, 1, "ISO 8601 UTC"]],
    ["sep=", "sep=;\nTime;n1\n2025-07-01T00:00:00Z;1\n", ["wide", ";", ".", true, 0, "ISO 8601 UTC"]],
    [
      "decimal comma",
      "Zeit;n1\n01.07.2025 00:10;0,5\n",
      ["wide", ";", ",", true, 0, 'dates like "01.07.2025 00:10" without zone'],
    ],
    ["semicolon, dot", "Time;n1\n2025-07-01T00:00:00Z;0.5\n", ["wide", ";", ".", true, 0, "ISO 8601 UTC"]],
    ["tab", "Time\tn1\n2025-07-01 00:00:00\t1\n", ["wide", "\t", ".", true, 0, "YYYY-MM-DD HH:MM:SS without zone"]],
    ["time last", "n1,when\n7,2025-07-01T00:00:00Z\n", ["wide", ",", ".", true, 1, "ISO 8601 UTC"]],
    ["epoch beside a counter", "bytes,Time\n1751328000,1751328000\n", ["wide", ",", ".", true, 1, "epoch s"]],
    ["leading blank lines", "\n\nTime,n1\n2025-07-01T00:00:00Z,1\n", ["wide", ",", ".", true, 0, "ISO 8601 UTC"]],
  ])("%s", (_, sample, expected) => {
    expect(words(sample)).toEqual(expected);
  });

  test("columns of one name apart, and names a headerless file", () => {
    expect(detect("t,a,a\n2025-07-01T00:00:00Z,1,2\n").columns).toEqual(["t", "a", "a (2)"]);
    expect(detect("1751328000,5\n1751328060,6\n").columns).toEqual(["time", "value"]);
    expect(detect("x.y,1751328000,5\n").columns).toEqual(["name", "time", "value"]);
  });

  test.each<[string, string, readonly number[], readonly number[], readonly string[]]>([
    ["a host's name", "time,host,value\n1751328000,a,1\n1751328060,a,2\n", [1], [2], []],
    ["a name of an unknown kind", "time,thing,v\n1751328000,a,1\n1751328000,b,2\n", [1], [2], []],
    ["a number that names", "time,instance,v\n1751328000,17,1\n1751328000,18,2\n", [1], [2], []],
    ["a machine that is called server", "time,server,n2\n1751328000,17,1\n1751328060,18,2\n", [], [1, 2], []],
    ["a remark that changes", "time,n1,weather\n1751328000,1,sunny\n1751328060,2,rain\n", [], [1], ["weather"]],
    ["a status", "time,status,n1\n1751328000,OK,1\n1751328060,OK,2\n", [], [2], ["status"]],
    ["marks", "timestamp,value,label\n1751328000,1,0\n1751328060,2,1\n", [], [1], ["label"]],
    ["a mark alone", "timestamp,label\n1751328000,1\n1751328060,2\n", [], [1], []],
    ["names that look like times", "Time,1472918400,1472918401\n1751328000,1,0\n", [], [1, 2], []],
  ])("%s from measurements", (_, sample, names, values, ignored) => {
    const d = detect(sample);
    expect([d.nameColumns, d.valueColumns, d.ignored]).toEqual([names, values, ignored]);
  });

  test("the order of day and month from any date that gives it away", () => {
    expect(detect("date,v\n01/07/2025,1\n13/07/2025,2\n").dayOrder).toBe("day-first");
    expect(detect("date,v\n07/01/2025,1\n07/13/2025,2\n").dayOrder).toBe("month-first");
  });

  test.each([
    ["nothing", "", "empty"],
    ["blank lines", "\n\n", "empty"],
    ["a header only", "Time,n1\n", "header_only"],
    ["spaces as delimiter", "Time n1\n2025-07-01T00:00:00Z 1\n", "delimiter"],
    ["bars as delimiter", "Time|n1\n2025-07-01T00:00:00Z|1\n", "delimiter"],
    ["an unknown sep=", "sep=|\nTime|n1\n2025-07-01T00:00:00Z|1\n", "delimiter"],
    ["small integers as time", "time,value\n1,5\n2,6\n", "old_time"],
    ["milliseconds of 1970", "time,value\n86400000,5\n86460000,6\n", "old_time"],
    ["no times at all", "a,b\nx,y\n", "no_time"],
    ["localised times", "Time,n1\n1. Juli 2025,1\n", "no_time"],
    ["dates that may be either", "date,v\n01/07/2025,1\n02/07/2025,2\n", "ambiguous_date"],
    ["text instead of values", "Time,n1\n2025-07-01T00:00:00Z,abc\n", "no_values"],
  ])("%s is a problem with a code and a reason", (_, sample, code) => {
    expect(detectDialect(sample)).toMatchObject({ code, reason: expect.stringMatching(/.{20,}/) });
  });
});
