import { afterAll, describe, expect, test } from "vitest";
import { episodeSpec } from "./episode-spec.js";
import { renderHtml } from "./render-html.js";
import { CHROMIUM, openBrowser, WITHOUT_CHROMIUM } from "./testing/chromium.js";
import { hydratedOf, LONG_AGGREGATOR, LONG_MACHINE, withHistory } from "./testing/hydrated-record.js";
import { countColour } from "./testing/png-pixels.js";
import { THEMES } from "./theme.js";

describe(`a picture's page in a real browser${WITHOUT_CHROMIUM}`, () => {
  const browser = openBrowser();
  afterAll(() => browser.close());
  const record = withHistory(hydratedOf({ machine: LONG_MACHINE, aggregator: LONG_AGGREGATOR }));

  test.skipIf(CHROMIUM === undefined)(
    "is drawn as it is as a PNG, light and dark, with its policy in force",
    async () => {
      for (const theme of ["light", "dark"] as const) {
        const page = await renderHtml(episodeSpec(record, { theme, interactive: true }));
        const pixels = browser.screenshot(browser.put(`${theme}.html`, page), [1200, 600]);
        expect(countColour(pixels, THEMES[theme].background, 2)).toBeGreaterThan(400_000);
        expect(countColour(pixels, THEMES[theme].severity.high, 3)).toBeGreaterThan(500);
        expect(countColour(pixels, THEMES[theme].observed, 20)).toBeGreaterThan(1000);
      }
    },
  );

  test.skipIf(CHROMIUM === undefined)("fits a phone: all of it is smaller, nothing is cut", async () => {
    const page = await renderHtml(episodeSpec(record, { interactive: true }));
    const wide = browser.screenshot(browser.put("wide.html", page), [1200, 600]);
    const small = browser.screenshot(browser.put("small.html", page), [600, 300]);
    const share =
      countColour(small, THEMES.light.severity.high, 40) / countColour(wide, THEMES.light.severity.high, 40);
    // Half as wide and half as high.
    expect(share).toBeGreaterThan(0.1);
    expect(share).toBeLessThan(0.4);
    const dom = browser.dom(browser.put("dom.html", page));
    expect(dom).toContain(LONG_MACHINE);
    expect(dom).toContain("the two weeks before: never as high");
  });
});
