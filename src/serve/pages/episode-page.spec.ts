import { expect, test } from "vitest";
import type { GroupMember } from "../../records/record.js";
import { testRecord } from "../../records/testing/record.js";
import { episodePage } from "./episode-page.js";

const member = {
  off: 0,
  unit: null,
  model: "m",
  model_version: null,
  detector: "residual",
  threshold: null,
  threshold_divisor: 1,
};
const members: readonly GroupMember[] = [
  {
    ...member,
    series: "web1.cpu",
    target: "web1.cpu",
    labels: { machine: "web1", aggregator: "cpu" },
    share: 0.7,
    score: 3,
  },
  {
    ...member,
    series: "web1.io",
    target: "web1.io",
    labels: { machine: "web1", aggregator: "io" },
    share: 0.3,
    score: 1,
  },
];
const pageOf = (record: ReturnType<typeof testRecord>) =>
  episodePage({
    kind: "episode",
    served: { job: { timezone: null, source: {} } },
    record,
    earlier: [],
    nowMs: Date.parse("2025-07-01T12:00:00Z"),
    mayWrite: false,
    verdict: null,
  } as unknown as Parameters<typeof episodePage>[0]);

test("the page of a group lists who drives it, and asks for no points of a series", () => {
  const page = pageOf(
    testRecord({ kind: "group", aggregator: "", labels: { machine: "web1" }, member_count: 9, members }),
  );
  expect(page).toContain("<h2>Who drives it</h2>");
  expect(page).toContain('<td class="w">cpu</td><td class="n">70 %</td>');
  expect(page).toContain('<span class="agg">9 series</span>');
  expect(page).not.toMatch(/data-points|Observed/);
});

test("the page of one series has its values and its points", () => {
  const page = pageOf(testRecord());
  expect(page).toMatch(/<figure class="chart" data-points="\/api\/v1\/episodes\/id-1\/points" data-start="/);
  expect(page).toContain("Observed");
  expect(page).not.toContain("Who drives it");
});
