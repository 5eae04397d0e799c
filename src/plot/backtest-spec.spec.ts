import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY_MS, MINUTE_MS } from "../time/duration.js";
import { longTimeTicks, scoreTicks } from "./backtest-axis.js";
import { linePoints, spansOf } from "./backtest-points.js";
import { backtestSpec } from "./backtest-spec.js";
import { renderPng } from "./render-png.js";
import { renderSvg } from "./render-svg.js";
import { overlaps, svgTexts } from "./testing/svg-texts.js";

const START = Date.UTC(2025, 6, 1);

describe("linePoints", () => {
  test("keeps the lowest and the highest value of every pixel, in order of time, at most four points each", () => {
    const values = fc.array(fc.oneof(fc.integer({ min: -99, max: 99 }), fc.constant(Number.NaN)), { maxLength: 500 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 40 }), (list, width) => {
        const series = Float64Array.from(list);
        const points = linePoints(series, 0, 1, width);
        expect(points.length).toBeLessThanOrEqual(4 * width);
        const times = points.map(({ time }) => time);
        expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
        const shown = points.flatMap(({ value }) => (value === null ? [] : [value]));
        const known = list.filter((value) => value === value);
        expect([Math.min(...shown), Math.max(...shown)]).toEqual([Math.min(...known), Math.max(...known)]);
      }),
      { seed: 6 },
    );
  });

  test("a pixel without any value breaks the line", () => {
    const series = new Float64Array(100).fill(1);
    series.fill(Number.NaN, 50, 60);
    expect(linePoints(series, 0, 1, 10).filter(({ value }) => value === null)).toEqual([{ time: 50, value: null }]);
  });
});

describe("spansOf", () => {
  test("gives runs a width that can be seen, and joins what then touches", () => {
    const holds = (i: number) => [2, 4, 9].includes(i);
    expect(spansOf(holds, 10, 0, 10, 1)).toEqual([
      { from: 20, until: 30 },
      { from: 40, until: 50 },
      { from: 90, until: 100 },
    ]);
    expect(spansOf(holds, 10, 0, 10, 25)).toEqual([
      { from: 20, until: 65 },
      { from: 90, until: 115 },
    ]);
  });
});

describe("the axes", () => {
  test.each([2, 10, 49, 200, 1500])(
    "of %d days has some ticks and never too many, each at a midnight or an hour",
    (days) => {
      const ticks = longTimeTicks({ startMs: START, endMs: START + days * DAY_MS }, "UTC");
      expect(ticks.length).toBeGreaterThan(3);
      expect(ticks.length).toBeLessThanOrEqual(13);
      expect(ticks.every(({ timeMs }) => timeMs % (DAY_MS / 24) === 0)).toBe(true);
    },
  );

  test("midnights are those of the zone, over a change of its clock too", () => {
    const startMs = Date.parse("2025-10-20T00:00:00Z");
    const ticks = longTimeTicks({ startMs, endMs: startMs + 10 * DAY_MS }, "Europe/Berlin");
    const hours = ticks.map(({ timeMs }) => new Date(timeMs).getUTCHours());
    expect(new Set(hours)).toEqual(new Set([22, 23]));
  });

  test.each([
    [1.5, [0, 1, 2]],
    [5, [0, 1, 2, 5, 10]],
    [60, [0, 1, 2, 5, 10, 20, 50, 100]],
    [12_345, [1, 10, 100, 1000, 10_000, 100_000]],
    [1e300, [1, 1e43, 1e86, 1e129, 1e172, 1e215, 1e258, 1e301]],
  ])("a score up to %d has the ticks %j", (highest, ticks) => {
    expect(scoreTicks(highest)).toEqual(ticks);
  });
});

describe("backtestSpec", () => {
  const picture = (n: number) => {
    const score = Float64Array.from({ length: n }, (_, i) => (i < 100 ? Number.NaN : i === 700 ? 3 : 0.4));
    const values = Float64Array.from({ length: n }, (_, i) => (i === 300 ? Number.NaN : Math.sin(i / 50)));
    const label = new Uint8Array(n).fill(1, 695, 705);
    return {
      title: "cpu <&> \u0007",
      startMs: START,
      stepMs: MINUTE_MS,
      values,
      score,
      label,
      ignoreSlots: 100,
      unit: null,
    };
  };

  test("the highest score is inside its axis, and every tick has a label", async () => {
    for (const highest of [3, 60, 12_345, 1e9, 1e300]) {
      const one = picture(2000);
      one.score[700] = highest;
      const svg = await renderSvg(backtestSpec(one));
      const texts = svgTexts(svg);
      expect(overlaps(texts)).toEqual([]);
      expect(texts.filter(({ left }) => left < 4)).toEqual([]);
      const { layer } = (backtestSpec(one) as unknown as { vconcat: { layer: object[] }[] }).vconcat[0];
      const domains = [...JSON.stringify(layer).matchAll(/"symlog","domain":\[0,([\de+]+)/g)].map(([, top]) =>
        Number(top),
      );
      expect(Math.min(...domains)).toBeGreaterThan(highest);
    }
  });

  test("a history of a million slots is drawn with a few thousand points", () => {
    const text = JSON.stringify(backtestSpec(picture(1_000_000)));
    expect(text.length).toBeLessThan(1_000_000);
  });

  test("is drawn as a PNG, with the threshold, the labels and the words", async () => {
    const svg = await renderSvg(backtestSpec(picture(2000), { theme: "dark" }));
    expect(svg).toContain("score 1");
    expect(svg).toContain("cpu &lt;&amp;&gt; ?");
    expect(svg).toContain("2025-07-01");
    const png = await renderPng(svg);
    expect([...png.subarray(1, 4)]).toEqual([..."PNG"].map((letter) => letter.charCodeAt(0)));
  });

  test("empty, constant and all-missing series have a picture as well", async () => {
    const flat = { ...picture(500), values: new Float64Array(500).fill(7), label: null };
    const missing = {
      ...picture(500),
      values: new Float64Array(500).fill(Number.NaN),
      score: new Float64Array(500).fill(Number.NaN),
    };
    const none = { ...picture(0), ignoreSlots: 0 };
    for (const one of [flat, missing, none]) expect(await renderSvg(backtestSpec(one))).toContain("<svg");
  });
});
