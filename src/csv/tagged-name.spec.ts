import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { openCsvFolder } from "../sources/testing/csv-files.js";
import { taggedName } from "./tagged-name.js";

const files = openCsvFolder();
afterAll(files.remove);

test.each([
  ["net(device=eth0,host=x)", { aggregator: "net", device: "eth0", host: "x", machine: "x" }],
  ['net{device="eth0", host="x"}', { aggregator: "net", device: "eth0", host: "x", machine: "x" }],
  ['{instance="a:9100",mode="idle"}', { instance: "a:9100", mode: "idle", machine: "a:9100" }],
  ["disk(mount=/var)", { aggregator: "disk", mount: "/var" }],
])("%s holds labels", (name, labels) => {
  expect(taggedName(name)).toEqual(labels);
});

test.each(["net", "net()", "net{}", "scale(a.b.c,2)", "sum(a,b)", "a(b=c", "lag (ms)", "a{b=c}.d", 'x{a="b}'])(
  "%s is a plain name",
  (name) => {
    expect(taggedName(name)).toBeUndefined();
  },
);

test("labels that were written into a name are read from it, whatever is in them", () => {
  const labels = fc.dictionary(fc.stringMatching(/^[a-l][a-z]{0,3}_$/), fc.string({ maxLength: 8 }), { minKeys: 1 });
  fc.assert(
    fc.property(labels, (wanted) => {
      const pairs = Object.entries(wanted).map(([key, value]) => `${key}="${value.replace(/[\\"]/g, "\\$&")}"`);
      expect(taggedName(`m{${pairs.join(",")}}`)).toEqual({ ...wanted, aggregator: "m" });
    }),
  );
});

test("columns named so become series with these labels", async () => {
  const { series } = await files.read({
    "a.csv": 'time,"net(device=eth0,host=x)","net(device=eth1,host=x)"\n1751328000,1,2\n',
  });
  expect(series.map(({ labels }) => labels)).toEqual([
    { aggregator: "net", device: "eth0", host: "x", machine: "x" },
    { aggregator: "net", device: "eth1", host: "x", machine: "x" },
  ]);
});
