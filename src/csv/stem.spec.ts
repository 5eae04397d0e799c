import { expect, test } from "vitest";
import { inferTemplate } from "./labels.js";
import { cleanStem } from "./stem.js";

test.each([
  ["exports/visit_hour-2025-07.csv.gz", "visit_hour"],
  ["visit_hour_20250701.csv", "visit_hour"],
  ["202507_visit_hour.csv", "visit_hour"],
  ["visits-jan2025.csv", "visits"],
  ["visits.2025-W27.csv", "visits"],
  ["a_2025-07_b.csv", "a_b"],
  ["Panel Title-data-2025-07-01 21_14_05.csv", "Panel Title-data"],
  ["export (1).csv", "export"],
  ["2025-07.csv", ""],
  ["node_2020.csv", "node_2020"],
  ["ec2_cpu_utilization_825cc2.csv", "ec2_cpu_utilization_825cc2"],
  ["n1.example.com.csv", "n1.example.com"],
])("%s is a file of %j", (path, stem) => {
  expect(cleanStem(path)).toBe(stem);
});

test.each([
  [["s.n1.lag.a", "s.n2.lag.a", "s.n1.lag.b"], "s.{machine}.lag.{aggregator}"],
  [["s.n1.lag", "s.n2.lag"], "s.{machine}.lag"],
  [["s.n1.x.lag.a", "s.n2.y.lag.b"], "s.{machine}.{node3}.lag.{aggregator}"],
  [["n1.visits", "n2.probes"], "{machine}.{aggregator}"],
  [["n1.example.com", "n2.example.com"], undefined],
  [["s.n1.lag", "s.n2.lag.a"], undefined],
  [["sum(a.b)", "sum(a.c)"], undefined],
  [["s.n1.lag"], undefined],
  [["n1", "n2"], undefined],
])("%j have in common %j", (names, template) => {
  expect(inferTemplate(names)).toBe(template);
});
