import { expect, test } from "vitest";
import { testRecord } from "../records/testing/record.js";
import { grafanaLink } from "./grafana-link.js";

const queriesOf = (link: string | undefined) =>
  JSON.parse(new URL(link ?? "http://none").searchParams.get("panes") ?? "{}").ano.queries;

test("a record opens its own query, a group those of the members with the largest shares", () => {
  const place = { url: "https://grafana.example.com", datasourceUid: "graphite" };
  expect(queriesOf(grafanaLink(testRecord(), place))).toMatchObject([{ refId: "A", target: "n1.a", expr: "n1.a" }]);
  const member = {
    share: 0.1,
    score: 1,
    off: 0,
    unit: null,
    model: "m",
    model_version: null,
    detector: "residual",
    threshold: null,
    threshold_divisor: 1,
  };
  const members = Array.from({ length: 9 }, (_, i) => ({
    ...member,
    series: `n1.m${i}`,
    target: `stats.n1.m${i}`,
    labels: { machine: "n1", aggregator: `m${i}` },
  }));
  const group = testRecord({ kind: "group", target: "", members });
  const queries: { refId: string; target: string }[] = queriesOf(grafanaLink(group, place));
  expect(queries.map(({ refId, target }) => `${refId} ${target}`)).toEqual([
    "A stats.n1.m0",
    "B stats.n1.m1",
    "C stats.n1.m2",
    "D stats.n1.m3",
    "E stats.n1.m4",
    "F stats.n1.m5",
  ]);
});
