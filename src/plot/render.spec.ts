import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";
import { describe, expect, test } from "vitest";
import type { HydratedRecord } from "../records/record.js";
import { episodeSpec } from "./episode-spec.js";
import { overviewSpec } from "./overview-spec.js";
import { type PlotOptions, plotRecords } from "./plot-records.js";
import { renderHtml } from "./render-html.js";
import { needsOtherFonts, renderPng } from "./render-png.js";
import { renderSvg } from "./render-svg.js";
import { hydratedOf, withHistory } from "./testing/hydrated-record.js";
import { countColour, countDifferent, decodePng } from "./testing/png-pixels.js";
import { THEMES } from "./theme.js";

describe("the PNG", () => {
  test.each(["light", "dark"] as const)(
    "has the size, the background and the colours of the %s theme",
    async (name) => {
      const theme = THEMES[name];
      const pixels = decodePng(await renderPng(await renderSvg(episodeSpec(hydratedOf(), { theme: name }))));
      expect([pixels.width, pixels.height]).toEqual([1200, 600]);
      expect(countColour(pixels, theme.background, 2)).toBeGreaterThan(400_000);
      expect(countColour(pixels, theme.severity.high, 3)).toBeGreaterThan(500);
      expect(countColour(pixels, theme.observed, 12)).toBeGreaterThan(500);
      expect(countColour(pixels, theme.expected, 12)).toBeGreaterThan(40);
    },
  );

  test("has its texts: without a font the renderer would leave them out and say nothing", async () => {
    const svg = await renderSvg(episodeSpec(hydratedOf()));
    const whole = decodePng(await renderPng(svg));
    const textless = decodePng(await renderPng(svg.replace(/<text[\s\S]*?<\/text>/g, "")));
    // Machine and aggregator, the lines of the header, the figures, the axes.
    for (const box of [
      { x0: 80, y0: 10, x1: 400, y1: 60 },
      { x0: 20, y0: 62, x1: 600, y1: 122 },
      { x0: 20, y0: 550, x1: 1190, y1: 590 },
      { x0: 40, y0: 140, x1: 80, y1: 500 },
      { x0: 80, y0: 492, x1: 1100, y1: 526 },
    ]) {
      expect(countDifferent(whole, textless, box), JSON.stringify(box)).toBeGreaterThan(150);
    }
  });

  test("is not blank where the two weeks before stand: line, extent and box are drawn, light and dark", async () => {
    for (const name of ["light", "dark"] as const) {
      const spec = episodeSpec(withHistory(hydratedOf()), { theme: name });
      const pixels = decodePng(await renderPng(await renderSvg(spec)));
      const without = decodePng(await renderPng(await renderSvg(episodeSpec(hydratedOf(), { theme: name }))));
      const strip = { x0: 84, y0: 440, x1: 1094, y1: 508 };
      expect(countDifferent(pixels, without, strip)).toBeGreaterThan(4000);
      expect(countColour(pixels, THEMES[name].observed, 30)).toBeGreaterThan(
        countColour(without, THEMES[name].observed, 30) + 300,
      );
    }
  });

  test("looks for other fonts only where the shipped ones have no letters", () => {
    expect(["visits", "частота", "Ähre", "→ ×", "λ"].map(needsOtherFonts)).toEqual([false, false, false, false, false]);
    expect(["服务器", "サーバ", "서버", "सर्वर", "🔥"].map(needsOtherFonts)).toEqual([true, true, true, true, true]);
  });

  test("is as many times larger as the scale says", async () => {
    const pixels = decodePng(await renderPng(await renderSvg(episodeSpec(hydratedOf())), { scale: 1.5 }));
    expect([pixels.width, pixels.height]).toEqual([1800, 900]);
  });

  test("is never larger than memory allows, whatever the scale", async () => {
    const tall = '<svg xmlns="http://www.w3.org/2000/svg" version="1.1" width="10" height="160"></svg>';
    const { width, height } = decodePng(await renderPng(tall, { scale: 4, maxPixels: 6400 }));
    expect([width, height]).toEqual([20, 320]);
  });

  test("of an overview is as tall as its rows", async () => {
    const records = Array.from({ length: 40 }, (_, i) => hydratedOf({ machine: `m${i}` }));
    const pixels = decodePng(await renderPng(await renderSvg(overviewSpec(records))));
    expect([pixels.width, pixels.height]).toEqual([1400, 112 + 40 * 16 + 24]);
    expect(countColour(pixels, THEMES.light.severity.high)).toBeGreaterThan(40 * 1000);
  });
});

describe("the web page", () => {
  const hostile = hydratedOf({ machine: "</script><script>alert(1)</script>", aggregator: "<!-- &amp; \u2028" });

  test("holds everything itself: it names no address to load from, and its policy forbids all", async () => {
    const html = await renderHtml(episodeSpec(hydratedOf(), { interactive: true }), "a title");
    expect(html).toContain("<title>a title</title>");
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/<(script|link|img|iframe)[^>]+(src|href)=/);
  });

  test("its scripts are whole and can be read, also with names that try to end them", async () => {
    const html = await renderHtml(episodeSpec(hostile, { interactive: true }));
    const scripts = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, code]) => code);
    expect(scripts).toHaveLength(2);
    for (const code of scripts) expect(() => new Script(code)).not.toThrow();
    expect(html.split("</script").length - 1).toBe(2);
    expect(html).toContain("<title>&lt;/script&gt;");
  });

  test("draws what the SVG draws, and answers the pointer with the values", async () => {
    const html = await renderHtml(episodeSpec(hydratedOf(), { interactive: true }));
    const json = /const spec = (.*);\n/.exec(html)?.[1] ?? "";
    const vega = await import("vega");
    const view = new vega.View(vega.parse(JSON.parse(json)), { renderer: "none" });
    const svg = await view.toSVG();
    expect(svg).toContain("n201-primary-example-com");
    const texts = JSON.stringify(JSON.parse(json));
    expect(JSON.stringify(JSON.parse(json).marks)).toContain('"tooltip":{"signal"');
    expect(texts).toContain('"when":"2025-07-02 12:00 UTC","observed":"0.125","expected":"0.0250"');
  });
});

test("the overview's page answers the pointer with the reasons", async () => {
  const html = await renderHtml(overviewSpec([hydratedOf()], { interactive: true }));
  const { marks } = JSON.parse(/const spec = (.*);\n/.exec(html)?.[1] ?? "");
  expect(JSON.stringify(marks)).toContain("why");
  expect(html).toContain("3.6× above the band; 4.1× the value 24 h ago");
});

describe("plotRecords", () => {
  const records = ["a", "b", "c"].map((machine) => hydratedOf({ machine, labels: { machine, aggregator: "x" } }));
  const run = async (options: Partial<PlotOptions>) => {
    const written = new Map<string, string | Uint8Array>();
    const progress: string[] = [];
    const result = await plotRecords(records, {
      format: "svg",
      write: (name, content) => void written.set(name, content),
      onProgress: ({ done, total, name }) => progress.push(`${done}/${total} ${name}`),
      ...options,
    });
    return { result, written, progress };
  };

  test("draws each record in order and then the overview, telling of each", async () => {
    const { result, written, progress } = await run({});
    const names = ["a", "b", "c"].map((m) => `anomaly_${m}_client_presence_hour_20250702T120000Z.svg`);
    expect(result).toEqual({ names: [...names, "overview.svg"], unchanged: 0, failures: [] });
    expect([...written.keys()]).toEqual(result.names);
    expect(progress).toEqual(result.names.map((name, i) => `${i + 1}/4 ${name}`));
    expect(written.get(names[0])).toBe(await renderSvg(episodeSpec(records[0])));
  });

  test("draws only what is requested", async () => {
    expect((await run({ episodes: false })).result.names).toEqual(["overview.svg"]);
    expect((await run({ overview: false })).result.names).toHaveLength(3);
    const png = (await run({ overview: false, format: "png" })).written.values().next().value as Uint8Array;
    expect(decodePng(png).width).toBe(1200);
  });

  test("a record that cannot be drawn is reported and leaves the others alone", async () => {
    const bad = { ...records[1], reasons: undefined } as unknown as HydratedRecord;
    const written: string[] = [];
    const result = await plotRecords([records[0], bad, records[2]], {
      format: "svg",
      overview: false,
      write: (name) => void written.push(name),
    });
    expect(result.failures).toHaveLength(1);
    expect(result.failures[0].name).toContain("anomaly_b_");
    expect(written).toHaveLength(2);
  });

  test("what cannot be written, or is broken off, ends the run", async () => {
    const full = new Error("the disk is full");
    await expect(
      run({
        write: () => {
          throw full;
        },
      }),
    ).rejects.toBe(full);
    await expect(run({ signal: AbortSignal.abort(new Error("stop")) })).rejects.toThrow("stop");
  });
});

test("the picture libraries are loaded only when something is drawn", () => {
  const folder = fileURLToPath(new URL(".", import.meta.url));
  const eager = readdirSync(folder)
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".spec.ts"))
    .filter((name) =>
      /^import (?!type)[^;]*from "(vega|vega-lite|@resvg\/resvg-js)"/m.test(readFileSync(join(folder, name), "utf8")),
    );
  expect(eager).toEqual([]);
});
