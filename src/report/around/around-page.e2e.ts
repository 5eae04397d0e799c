import { afterAll, describe, expect, test } from "vitest";
import { whatMoved } from "../../around/around.js";
import { CHROMIUM, openBrowser, WITHOUT_CHROMIUM } from "../../plot/testing/chromium.js";
import { countColour } from "../../plot/testing/png-pixels.js";
import { THEMES } from "../../plot/theme.js";
import { DEFAULT_CASCADE, simulateCascade } from "../../simulate/cascade.js";
import { aroundLines } from "../terminal/around-lines.js";
import { aroundJson } from "./around-json.js";
import { aroundPage } from "./around-page.js";

const HOSTILE = '"><script>document.title="owned"</script>\u001b[31m\u202e';
const LONG = "a_name_without_an_end_".repeat(12);
const cascade = simulateCascade({ ...DEFAULT_CASCADE, series: 600, followers: 30, earlierCascades: 2, seed: 5 });
const frame = { window: cascade.window, leadMs: cascade.leadMs };
const series = cascade.series.map((one, i) => ({
  ...one,
  labels: { ...one.labels, aggregator: i % 3 === 0 ? `${one.labels["aggregator"]}${LONG}` : `${i}${HOSTILE}` },
}));
const around = whatMoved(series, frame);
const found = { timeMs: cascade.window.startMs + 3_600_000, frame, series, around };
const look = { timezone: "UTC", madeAtMs: cascade.window.endMs, madeBy: "anomaly 0" };
const page = aroundPage(found, look);

describe("the page of what moved", () => {
  test("needs nothing else, and keeps names that look like markup as text", () => {
    expect(around.movers.length).toBeGreaterThan(10);
    expect(page).toContain("default-src 'none'; style-src 'unsafe-inline'");
    expect(/<script|<link|<iframe|<img|@import|url\(|javascript:|src=|href=/i.exec(page)?.[0]).toBeUndefined();
    expect(page).toContain("&lt;script&gt;");
  });

  test("has a picture for each that moved, in the order of onset, and all of them in a table", () => {
    const moved = page.slice(page.indexOf('id="moved"'), page.indexOf('id="all"'));
    expect(moved.match(/<svg class="multiple"/g)?.length).toBe(around.movers.length);
    const clocks = [...moved.matchAll(/<h3>(\d\d:\d\d)/g)].map(([, clock]) => clock);
    expect(clocks.length).toBe(around.movers.length);
    expect(clocks).toEqual(around.movers.map(({ onsetMs }) => new Date(onsetMs).toISOString().slice(11, 16)));
    for (const id of ["first", "groups", "stayed", "all"]) expect(page).toContain(`id="${id}"`);
  });

  test("of nothing says so", () => {
    const quiet = aroundPage({ ...found, around: whatMoved([], frame) }, look);
    expect(quiet).toContain("Nothing changed more than it does on other days.");
  });
});

describe(`in a real browser${WITHOUT_CHROMIUM}`, () => {
  const browser = openBrowser();
  afterAll(() => browser.close());

  test.skipIf(CHROMIUM === undefined)("is drawn in the colours of the system's scheme, light and dark", () => {
    const path = browser.put("around.html", page);
    for (const scheme of ["light", "dark"] as const) {
      const pixels = browser.screenshot(path, [1200, 1600], scheme);
      const theme = THEMES[scheme];
      expect(countColour(pixels, theme.background, 2)).toBeGreaterThan(900_000);
      expect(countColour(pixels, theme.observed, 40)).toBeGreaterThan(2000);
      expect(countColour(pixels, theme.episodeText, 40)).toBeGreaterThan(500);
      expect(countColour(pixels, theme.expectedText, 40)).toBeGreaterThan(300);
    }
  });

  test.skipIf(CHROMIUM === undefined)("nothing is wider than the page, on a desktop and on phones", () => {
    const measure = `<script>addEventListener("load",()=>{const w=document.documentElement.clientWidth;
      const wide=[...document.querySelectorAll("main *")].filter(e=>!e.closest(".scroll,details:not([open])")&&e.getBoundingClientRect().right>w+1);
      parent.postMessage("["+w+" "+document.documentElement.scrollWidth+" "+wide.length+"]","*")})</script>`;
    browser.put("measured.html", page.replace(/<meta http-equiv[^>]*>/, "").replace("</body>", `${measure}</body>`));
    const widths = [360, 768, 1280];
    const frames = widths.map(
      (w) => `<iframe src="measured.html" style="border:0;width:${w}px;height:600px"></iframe>`,
    );
    const listen = '<script>addEventListener("message",e=>document.title+=e.data)</script>';
    const dom = browser.dom(browser.put("probe.html", `<title>widths</title>${listen}${frames.join("")}`));
    const title = /<title>([^<]*)/.exec(dom)?.[1] ?? "";
    const measured = [...title.matchAll(/\[(\d+) (\d+) (\d+)/g)].map((match) => match.slice(1, 4).map(Number));
    expect(
      measured.sort((a, b) => a[0] - b[0]),
      title,
    ).toEqual(widths.map((width) => [width, width, 0]));
  });
});

describe("in a terminal and as JSON", () => {
  const plain = { bold: String, dim: String };

  test("no name steers the terminal, and the list is cut where it is said", () => {
    const lines = aroundLines(found, { timezone: "UTC", paint: plain, limit: 5 });
    expect(lines.join("\n")).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(lines.join("\n")).toContain(`and ${around.movers.length - 5} more`);
    const head = lines.findIndex((line) => line.startsWith("  onset"));
    expect(lines.slice(head + 1, head + 6).every((line) => /^ {2}\d\d:\d\d {2}\d\d:\d\d-\d\d:\d\d/.test(line))).toBe(
      true,
    );
  });

  test("JSON has every mover with its labels and times, and no number that JSON does not know", () => {
    const json = aroundJson(found);
    expect(json.moved).toHaveLength(around.movers.length);
    expect(json.moved[0]).toMatchObject({
      labels: series[around.movers[0].index].labels,
      onset: new Date(around.movers[0].onsetMs).toISOString().replace(".000", ""),
    });
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
    expect(json.first_movers.length).toBeGreaterThan(0);
  });
});
