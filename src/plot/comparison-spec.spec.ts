import { expect, test } from "vitest";
import { MINUTE_MS } from "../time/duration.js";
import { comparisonSpec } from "./comparison-spec.js";
import { renderSvg } from "./render-svg.js";
import { overlaps, svgTexts } from "./testing/svg-texts.js";

const SLOTS = 2000;

function picture(names: readonly string[], highest = 3) {
  const score = Float64Array.from({ length: SLOTS }, (_, i) => (i < 100 ? Number.NaN : i === 700 ? highest : 0.4));
  return {
    title: "cpu <&>",
    startMs: Date.UTC(2025, 6, 1),
    stepMs: MINUTE_MS,
    values: Float64Array.from({ length: SLOTS }, (_, i) => Math.sin(i / 50)),
    label: new Uint8Array(SLOTS).fill(1, 695, 705),
    ignoreSlots: 100,
    unit: null,
    detectors: names.map((name) => ({ name, score })),
  };
}

const LONG = "dynamics:band=quantile,bucket=15m,holidays=2026-12-25,k=3,preset=strict";

test.each([1.2, 60, 12_345, 1e300])(
  "every detector has its lane, and no words touch, with scores up to %d",
  async (highest) => {
    for (const names of [
      ["residual"],
      ["residual", LONG, "./detectors/ours.js"],
      Array.from({ length: 12 }, (_, i) => `d${i}`),
    ]) {
      const texts = svgTexts(await renderSvg(comparisonSpec(picture(names, highest))));
      for (const name of names) expect(texts.map(({ text }) => text)).toContain(name);
      expect(overlaps(texts)).toEqual([]);
      expect(texts.filter(({ left }) => left < 4)).toEqual([]);
    }
  },
);

test("series and detectors without a value or a score have a picture as well", async () => {
  const missing = new Float64Array(SLOTS).fill(Number.NaN);
  const one = { ...picture([]), values: missing, label: null, detectors: [{ name: "residual", score: missing }] };
  expect(await renderSvg(comparisonSpec(one, { theme: "dark" }))).toContain("residual");
});
