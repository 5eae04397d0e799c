import { afterAll, describe, expect, test } from "vitest";
import { brief, openCsvFolder } from "../sources/testing/csv-files.js";
import type { CsvOptions } from "./csv-options.js";

const files = openCsvFolder();
afterAll(files.remove);
const { read } = files;

const START = "2025-07-01T00:00";

describe("labels", () => {
  const wide = "Time,n1,n2\n1751328000,1,2\n1751328060,1,2\n";
  const keys = async (files: Record<string, string>, options?: CsvOptions) =>
    Object.keys(brief((await read(files, options)).series)).sort();

  test("one file per aggregator and one column per machine, without a template", async () => {
    expect(await keys({ "visits.csv": wide, "probes.csv": wide })).toEqual([
      "n1/probes",
      "n1/visits",
      "n2/probes",
      "n2/visits",
    ]);
  });

  test("one file per month is one history", async () => {
    const later = wide.replaceAll("17513", "17540");
    const { series } = await read({ "visits-2025-07.csv": wide, "visits-2025-08.csv": later });
    expect(series.map((s) => [s.labels["machine"], s.labels["aggregator"]])).toEqual([
      ["n1", "visits"],
      ["n2", "visits"],
    ]);
    // 1754028000 is 45,000 minutes after 1751328000.
    expect(series.map((s) => s.values.length)).toEqual([45_002, 45_002]);
    expect(new Date(series[0].startMs).toISOString()).toBe("2025-07-01T00:00:00.000Z");
  });

  test("a lone value column takes the file's name", async () => {
    expect(await keys({ "n7_20250701.csv": "timestamp,value\n1751328000,1\n1751328060,1\n" })).toEqual(["n7/value"]);
  });

  test("a column of marks beside the value is not a series", async () => {
    const { series, files } = await read({ "n7.csv": "timestamp,value,label\n1751328000,5,0\n1751328060,6,1\n" });
    expect(brief(series)).toEqual({ "n7/value": [START, 60, 5, 6] });
    expect(files[0].dialect).toBe("wide, comma, header, without the remarks in label, epoch s");
  });

  test("paths with one node that differs give machines, with two also aggregators, compared over all files", async () => {
    const graphite = (name: string) => `${name},2025-07-01 00:00:00,1\n${name},2025-07-01 00:01:00,1\n`;
    expect(await keys({ "g.csv": graphite("s.n1.lag") + graphite("s.n2.lag") })).toEqual(["n1/g", "n2/g"]);
    const two = { "a.csv": graphite("s.n1.lag.x"), "b.csv": graphite("s.n2.lag.x") + graphite("s.n1.lag.y") };
    expect(await keys(two)).toEqual(["n1/x", "n1/y", "n2/x"]);
    const { notes, template } = await read(two);
    expect(notes.join()).toContain("s.{machine}.lag.{aggregator}");
    // One file alone shows one node that differs, or none; with the template of all it has the same labels.
    expect(await keys({ "b.csv": two["b.csv"] }, { template })).toEqual(["n1/y", "n2/x"]);
  });

  test("the names of several columns in a long file are labels of their own", async () => {
    const long =
      "time,host,aggregator,value\n1751328000,n1,x,1\n1751328060,n1,x,2\n1751328000,n2,y,3\n1751328060,n2,y,4\n";
    const { series } = await read({ "f.csv": long });
    expect(series.map((s) => s.labels)).toEqual([
      { host: "n1", machine: "n1", aggregator: "x" },
      { host: "n2", machine: "n2", aggregator: "y" },
    ]);
  });

  test("a template reads the file's name and the column, and what does not fit is left out with the reason", async () => {
    const { series, leftOut } = await read(
      { "A.visits.csv": wide, "other.csv": wide },
      { template: "A.{aggregator}.csv#{machine}" },
    );
    expect(series.map((s) => s.labels)).toEqual([
      { machine: "n1", aggregator: "visits" },
      { machine: "n2", aggregator: "visits" },
    ]);
    expect(leftOut).toHaveLength(2);
    expect(leftOut[0].reason).toContain("other.csv does not fit A.{aggregator}.csv");
  });

  test("the template that was found labels a file that shows too little by itself", async () => {
    const rows = (name: string) => `${name},1751328000,1\n${name},1751328060,1\n`;
    const two = await read({ "g.csv": `name,time,value\n${rows("s.n1.lag.x")}${rows("s.n2.lag.y")}` });
    expect(two.template).toBe("s.{machine}.lag.{aggregator}");
    const one = { "live.csv": `name,time,value\n${rows("s.n2.lag.x")}${rows("s.n2.lag.y")}` };
    expect(await keys(one, { template: two.template })).toEqual(["n2/x", "n2/y"]);
  });

  test("a template that was found and does not fit all series is none to hand on", async () => {
    const long = "name,time,value\ns.n1.lag.x,1751328000,1\ns.n2.lag.y,1751328000,1\n";
    const { template, series } = await read({ "g.csv": long, "n7.csv": "time,value\n1751328000,1\n1751328060,1\n" });
    expect(series.map((s) => s.labels["machine"])).toEqual(["n1", "n2", "n7"]);
    expect(template).toBeUndefined();
  });

  test("a template that nothing fits is an error that names the first series", async () => {
    await expect(read({ "x.csv": wide }, { template: "s.{machine}.lag" })).rejects.toThrow(
      /no series fits the template s\.\{machine\}\.lag: n1/,
    );
  });
});
