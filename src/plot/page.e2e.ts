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

  test.skipIf(CHROMIUM === undefined)("on a phone the words keep their size, and the picture scrolls", async () => {
    const page = await renderHtml(episodeSpec(record, { interactive: true }));
    const badge = (size: [number, number]) =>
      countColour(browser.screenshot(browser.put("page.html", page), size), THEMES.light.severity.high, 40);
    // The badge is at the left edge, as large in a narrow window as in a wide one; the rest of that colour, dots, is outside.
    // Shrunk with the window it would have a sixth.
    expect(badge([500, 600]) / badge([1200, 600])).toBeGreaterThan(0.8);
    const dom = browser.dom(browser.put("dom.html", page));
    expect(dom).toContain(LONG_MACHINE);
    expect(dom).toContain("the two weeks before: never as high");
  });
});
