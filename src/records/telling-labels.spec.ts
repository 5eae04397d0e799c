import { expect, test } from "vitest";
import type { SeriesStatus } from "./status.js";
import { tellingLabelsOf } from "./telling-labels.js";

const named = (labels: Record<string, string>) => ({ machine: "web1", aggregator: "cpu", labels });
const status = (labels: Record<string, string>, state: SeriesStatus["state"] = "ok"): SeriesStatus => ({
  ...named(labels),
  series: "s",
  state,
  score: null,
  last_at: null,
  last_value: null,
  reason: null,
});

test("one CPU mode alone in the records is distinguished from those that are well", () => {
  const record = named({ mode: "idle", job: "node" });
  expect(tellingLabelsOf([record])).toEqual([]);
  expect(tellingLabelsOf([record], [status({ mode: "user", job: "node" })])).toEqual(["mode"]);
});

test("what brought nothing, or was written without labels, shows nothing", () => {
  const { labels: _labels, ...old } = status({});
  const statuses = [status({}, "no_data"), status({}, "failed"), old as SeriesStatus];
  expect(tellingLabelsOf([named({ mode: "idle" })], statuses)).toEqual([]);
});
