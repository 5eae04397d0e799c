import { afterAll, describe, expect, test } from "vitest";
import { renderPng } from "../plot/render-png.js";
import { CHROMIUM, openBrowser, WITHOUT_CHROMIUM } from "../plot/testing/chromium.js";
import { countColour, countDifferent, decodePng } from "../plot/testing/png-pixels.js";
import { THEMES } from "../plot/theme.js";
import { headSvg } from "./head-svg.js";
import { reportPage } from "./page/page.js";
import { type Report, reportOf } from "./report.js";
import { episode, statusOf, weekOfRecords } from "./testing/fleet-records.js";

const T0 = Date.parse("2025-07-01T00:00:00Z");
const range = { startMs: T0, endMs: T0 + 7 * 86_400_000 };
const HOSTILE = '"><script>document.title="owned"</script><img src=x onerror=alert(1)>';
const statuses = Array.from({ length: 600 }, (_, i) =>
  statusOf(`n${200 + (i % 110)}-primary-example-com`, i % 50 === 0 ? { state: "no_data", reason: HOSTILE } : {}),
);
const week = reportOf({ records: weekOfRecords(), statuses, range, timezone: "UTC" });
const links = {
  pictureOf: ({ id }: { readonly id: string }) => `plots/${id}.png`,
  grafanaOf: () => "https://grafana.example.com/explore?a=1&b=2",
};
const pageOf = (report: Report) => reportPage(report, { links, madeAtMs: range.endMs, madeBy: "anomaly 0" });

describe("the page", () => {
  const page = pageOf(week);

  test("of 600 series and 1,230 episodes is under 5 MB", () => {
    expect(week.records).toHaveLength(1230);
    expect(page.length).toBeLessThan(5e6);
    expect(page.length).toBeGreaterThan(1e5);
  });

  test("needs nothing else: no script, no style, font or picture from anywhere, and its policy allows none", () => {
    expect(page.includes("default-src 'none'; style-src 'unsafe-inline'")).toBe(true);
    expect(/<script|<link|<iframe|<img|@import|url\(|javascript:/i.exec(page)?.[0]).toBeUndefined();
    const addresses = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address);
    expect(addresses.every((address) => /^(plots\/|https:\/\/grafana\.example\.com)/.test(address))).toBe(true);
  });

  test("keeps names that look like markup as text", () => {
    const hostile = episode(HOSTILE, T0 + 3_600_000, 3, {
      status: "open",
      reasons: [HOSTILE],
      aggregator: "\u0000&<b>",
    });
    const text = pageOf(reportOf({ records: [hostile], statuses, range, timezone: "UTC" }));
    expect(text).not.toMatch(/<script|<img|<b>\s*<\/b>|\u0000/);
    expect(text).toContain("&lt;script&gt;");
  });

  test("is balanced: every element that is opened is closed", () => {
    const open: string[] = [];
    for (const [, close, name, self] of page.matchAll(/<(\/?)([a-z0-9]+)(?:\s[^<>]*?)?(\/?)>/g)) {
      if (self === "/" || ["meta", "br"].includes(name)) continue;
      if (close === "") open.push(name);
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
  });

  test.each([
    ["what is wrong now, worst first", /id="now"/],
    ["machines over time", /id="heat"/],
    ["the trend", /id="trend"/],
    ["machines and aggregators", /By machine<\/h2>/],
    ["who pages most", /Who pages most/],
    ["similar shapes", /Similar shapes/],
    ["fleet anomalies", /30 machines|machines at once/],
    ["what was not scored", /12 of 600 series were not scored/],
    ["all episodes", /1,230 episodes, the worst first/],
    ["links to pictures and into Grafana", /href="plots\/r\d+\.png"[\s\S]*explore\?a=1&amp;b=2/],
  ])("has %s", (_, part) => {
    expect(part.test(page)).toBe(true);
  });

  test("of a quiet period says so, and of unknown states too", () => {
    const quiet = pageOf(reportOf({ records: [], range, timezone: "Europe/Berlin" }));
    expect(quiet).toContain("Nothing is open at 07-08 02:00 Europe/Berlin.");
    expect(quiet).toContain("This report has no statuses of series");
    const over = pageOf(reportOf({ records: [episode("n1", T0, 2)], range, timezone: "UTC" }));
    expect(over).toContain("The worst of the period:");
  });
});

describe(`in a real browser${WITHOUT_CHROMIUM}`, () => {
  const browser = openBrowser();
  afterAll(() => browser.close());

  test.skipIf(CHROMIUM === undefined)("is drawn in the colours of the system's scheme, light and dark", () => {
    const path = browser.put("report.html", pageOf(week));
    for (const scheme of ["light", "dark"] as const) {
      const pixels = browser.screenshot(path, [1200, 1600], scheme);
      const theme = THEMES[scheme];
      expect([pixels.width, pixels.height]).toEqual([1200, 1600]);
      // Not blank, and not only ground: badges of the worst severity, names, sparklines, bands.
      expect(countColour(pixels, theme.background, 2)).toBeGreaterThan(1_000_000);
      expect(countColour(pixels, theme.severity.critical, 3)).toBeGreaterThan(500);
      expect(countColour(pixels, theme.severity.high, 3)).toBeGreaterThan(5000);
      expect(countColour(pixels, theme.text, 40)).toBeGreaterThan(4000);
      expect(countColour(pixels, theme.episodeText, 40)).toBeGreaterThan(800);
    }
  });

  test.skipIf(CHROMIUM === undefined)("nothing is wider than the page: on a desktop, a tablet and phones", () => {
    // What the browser itself measures: the page, without its policy, in frames of these widths, reports what is too wide.
    const measure = `<script>addEventListener("load",()=>{const w=document.documentElement.clientWidth;
      const wide=[...document.querySelectorAll("main *")].filter(e=>!e.closest(".scroll,details:not([open])")&&e.getBoundingClientRect().right>w+1);
      parent.postMessage("["+w+" "+document.documentElement.scrollWidth+" "+wide.length+" "+wide.slice(0,3).map(e=>e.className||e.tagName)+"]","*")})</script>`;
    const measured = pageOf(week)
      .replace(/<meta http-equiv[^>]*>/, "")
      .replace("</body>", `${measure}</body>`);
    browser.put("measured.html", measured);
    const widths = [360, 414, 768, 1280];
    const frames = widths.map(
      (width) => `<iframe src="measured.html" style="border:0;width:${width}px;height:600px"></iframe>`,
    );
    const listen = '<script>addEventListener("message",e=>document.title+=e.data)</script>';
    const dom = browser.dom(browser.put("probe.html", `<title>widths</title>${listen}${frames.join("")}`));
    const title = /<title>([^<]*)/.exec(dom)?.[1] ?? "";
    const found = [...title.matchAll(/\[(\d+) (\d+) (\d+)/g)].map((match) => match.slice(1, 4).map(Number));
    expect(
      found.sort((x, y) => x[0] - y[0]),
      title,
    ).toEqual(widths.map((width) => [width, width, 0]));
  });
});

describe("the picture of its head", () => {
  test.each(["light", "dark"] as const)("is 1200 × 630 in the %s theme, with its texts and lines", async (name) => {
    const theme = THEMES[name];
    const svg = headSvg(week, name);
    const pixels = decodePng(await renderPng(svg));
    expect([pixels.width, pixels.height]).toEqual([1200, 630]);
    expect(countColour(pixels, theme.background, 2)).toBeGreaterThan(500_000);
    expect(countColour(pixels, theme.severity.critical, 3)).toBeGreaterThan(1000);
    const textless = decodePng(await renderPng(svg.replace(/<text[\s\S]*?<\/text>/g, "")));
    expect(countDifferent(pixels, textless, { x0: 30, y0: 20, x1: 1170, y1: 620 })).toBeGreaterThan(5000);
  });

  test("of nothing is no failure", async () => {
    const svg = headSvg(reportOf({ records: [], range, timezone: "UTC" }));
    expect(svg).toContain("No episode in this period");
    expect(decodePng(await renderPng(svg)).width).toBe(1200);
  });
});
