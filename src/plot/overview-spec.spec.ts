import { describe, expect, test } from "vitest";
import { seededRandom } from "../math/random.js";
import type { HydratedRecord, Severity } from "../records/record.js";
import { OVERVIEW_WIDTH } from "./overview-layout.js";
import { overviewSpec } from "./overview-spec.js";
import { renderSvg } from "./render-svg.js";
import { hydratedOf, LONG_AGGREGATOR, LONG_MACHINE } from "./testing/hydrated-record.js";
import { overlaps, svgTexts } from "./testing/svg-texts.js";

const SEVERITY: readonly Severity[] = ["critical", "high", "medium", "low"];

function many(count: number): HydratedRecord[] {
  const random = seededRandom(1);
  return Array.from({ length: count }, (_, i) =>
    hydratedOf({
      machine: i % 7 === 0 ? LONG_MACHINE : `n${200 + i}-primary-example-com`,
      aggregator: i % 5 === 0 ? LONG_AGGREGATOR : "visit_length_hour",
      max_value: i % 50 === 49 ? null : random(),
      observed: i % 50 === 49 ? null : 0.1,
      severity: SEVERITY[i % 4],
      kind: i % 3 === 0 ? "level_shift" : "silence",
      context: null,
    }),
  );
}

const heightOf = (svg: string) => Number(/height="(\d+)"/.exec(svg)?.[1]);

test("a small one is the one on file", async () => {
  const text = `${JSON.stringify(overviewSpec(many(4)), null, 1)}\n`;
  await expect(text).toMatchFileSnapshot("golden/overview.vega-lite.txt");
});

describe.each([0, 1, 25, 600])("the overview of %i records", (count) => {
  test.each(["light", "dark"] as const)("has no text over another and none outside (%s)", async (theme) => {
    const svg = await renderSvg(overviewSpec(many(count), { theme, timezone: "America/New_York" }));
    const texts = svgTexts(svg);
    expect(overlaps(texts)).toEqual([]);
    for (const { text, left, right, bottom } of texts) {
      expect(left, text).toBeGreaterThanOrEqual(4);
      expect(right, text).toBeLessThanOrEqual(OVERVIEW_WIDTH - 4);
      expect(bottom, text).toBeLessThanOrEqual(heightOf(svg) - 4);
    }
  });
});

test("has a row of 16 px for each record, the highest value first and those without one last", async () => {
  const svg = await renderSvg(overviewSpec(many(600)));
  expect(heightOf(svg)).toBe(112 + 600 * 16 + 24);
  const texts = svgTexts(svg);
  const edge = texts.find(({ text }) => text === "max value")!.right;
  const values = texts.filter(({ text, right }) => /^(–|[\d.]+)$/.test(text) && Math.abs(right - edge) < 1);
  expect(values).toHaveLength(600);
  const shown = values.toSorted((a, b) => a.top - b.top).map(({ text }) => (text === "–" ? -1 : Number(text)));
  expect(shown).toEqual([...shown].sort((a, b) => b - a));
  expect(shown.slice(-12)).toEqual(new Array(12).fill(-1));
});

test("says how many there are, on how many machines, when, and how many of each severity", async () => {
  const records = [
    hydratedOf({ severity: "high", machine: "a" }),
    hydratedOf({ severity: "high", machine: "b", start: "2025-07-01T08:00:00Z" }),
    hydratedOf({ severity: "low", machine: "b" }),
  ];
  const texts = svgTexts(await renderSvg(overviewSpec(records))).map(({ text }) => text);
  expect(texts).toContain("3 anomalies on 2 machines, 2025-07-01 08:00 to 2025-07-02 13:00 UTC");
  expect(texts).toContain("high 2");
  expect(texts).toContain("low 1");
  expect(texts.some((text) => text.startsWith("critical"))).toBe(false);
  expect(svgTexts(await renderSvg(overviewSpec([])))[0].text).toBe("No anomalies");
});

test("bars have the colour of their severity and end at their value", async () => {
  const records = [
    hydratedOf({ severity: "critical", max_value: 10, machine: "a" }),
    hydratedOf({ severity: "low", max_value: 5, machine: "b" }),
  ];
  const svg = await renderSvg(overviewSpec(records));
  const width = (colour: string) => {
    const paths = [
      ...svg.matchAll(new RegExp(`<path [^>]*d="M([\\d.]+)[^"]*?L([\\d.]+)[^"]*"[^>]*fill="${colour}"`, "g")),
    ];
    return Math.max(...paths.map(([, from, to]) => Number(to) - Number(from)));
  };
  expect(width("#882255") / width("#56b4e9")).toBeCloseTo(2, 1);
});

test("values that lie far apart get a logarithmic axis, and it says so", async () => {
  const records = [1e6, 3, 2, 1].map((max_value, i) => hydratedOf({ max_value, machine: `m${i}` }));
  const texts = svgTexts(await renderSvg(overviewSpec(records))).map(({ text }) => text);
  expect(texts).toContain("logarithmic");
  expect(texts).toContain("10 k");
  expect(overlaps(svgTexts(await renderSvg(overviewSpec(records))))).toEqual([]);
});

test("where units differ the worst are first and bars show scores: bytes are not above seconds", async () => {
  const records = [
    hydratedOf({ machine: "disk", unit: "bytes", max_value: 9e11, severity: "low", score: 1.2 }),
    hydratedOf({ machine: "web", unit: "seconds", max_value: 3, severity: "critical", score: 8 }),
    hydratedOf({ machine: "net", unit: "bytes", max_value: 1e3, severity: "critical", score: 5 }),
  ];
  const texts = svgTexts(await renderSvg(overviewSpec(records)));
  const topOf = (name: string) => texts.find(({ text }) => text === name)!.top;
  expect(["disk", "net", "web"].toSorted((a, b) => topOf(a) - topOf(b))).toEqual(["web", "net", "disk"]);
  expect(texts.map(({ text }) => text)).toEqual(expect.arrayContaining(["score", "900 GB", "3 s", "1 kB"]));
});

test("series of one machine and aggregator show the label that distinguishes them", async () => {
  const records = ["idle", "user"].map((mode) => hydratedOf({ labels: { mode, job: "node" }, aggregator: "cpu" }));
  const texts = svgTexts(await renderSvg(overviewSpec(records))).map(({ text }) => text);
  expect(texts).toEqual(expect.arrayContaining(["cpu mode=idle", "cpu mode=user"]));
});

test("a bar links to the picture of its record, if there is one", async () => {
  const svg = await renderSvg(overviewSpec([hydratedOf()], { pictureOf: () => "anomaly_a.svg" }));
  expect(svg).toMatch(/<a [^>]*href="anomaly_a\.svg"/);
  expect(await renderSvg(overviewSpec([hydratedOf()]))).not.toContain("<a ");
});

test("what does not fit is counted, not dropped in silence", async () => {
  const texts = svgTexts(await renderSvg(overviewSpec(many(30), { maxRows: 10 }))).map(({ text }) => text);
  expect(texts).toContain("and 20 more with lower values");
});
