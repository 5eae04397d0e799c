import fc from "fast-check";
import { expect, test } from "vitest";
import { type Labels, seriesKey } from "./series.js";
import { furtherLabels, type Named, tellingLabels } from "./telling-labels.js";

const named = (labels: Labels, machine = "web1:9100", aggregator = "value"): Named => ({
  machine,
  aggregator,
  labels: { machine, aggregator, job: "node", ...labels },
});
const MODES = ["idle", "iowait", "irq", "nice", "softirq", "steal", "system", "user"];

test("eight CPU modes are distinguished by their mode", () => {
  expect(tellingLabels(MODES.map((mode) => named({ mode })))).toEqual(["mode"]);
});

test("two labels where one is not enough, and no third that says nothing new", () => {
  const series = ["0", "1"].flatMap((cpu) => MODES.map((mode) => named({ cpu, mode, mode_id: mode.toUpperCase() })));
  expect(tellingLabels(series)).toEqual(["cpu", "mode"]);
});

test("none where machine and aggregator say it all, and for the same series twice", () => {
  expect(tellingLabels([])).toEqual([]);
  expect(tellingLabels([named({ mode: "a" }, "web1"), named({ mode: "b" }, "web2")])).toEqual([]);
  expect(tellingLabels([named({ mode: "a" }), named({ mode: "a" })])).toEqual([]);
});

test("a label that one series lacks distinguishes it", () => {
  expect(tellingLabels([named({}), named({ device: "eth0" })])).toEqual(["device"]);
});

test("no two series with the same machine and aggregator share the values of the telling labels", () => {
  const label = fc.constantFrom("a", "b", "c");
  const series = fc.record({ cpu: label, mode: label, device: label }, { requiredKeys: [] });
  fc.assert(
    fc.property(fc.array(series, { maxLength: 12 }), (all) => {
      const list = all.map((labels) => named(labels as Labels));
      const telling = tellingLabels(list);
      const said = ({ labels }: Named) => JSON.stringify(telling.map((name) => labels[name] ?? null));
      expect(new Set(list.map(said)).size).toBe(new Set(list.map(({ labels }) => seriesKey(labels))).size);
    }),
  );
});

test("further labels leave out what machine and aggregator say", () => {
  expect(furtherLabels(named({ instance: "web1:9100", mode: "idle" }))).toEqual({ job: "node", mode: "idle" });
});
