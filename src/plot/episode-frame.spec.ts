import { expect, test } from "vitest";
import { alertX, PLOT_WIDTH } from "./episode-frame.js";
import { hydratedOf } from "./testing/hydrated-record.js";
import { THEMES } from "./theme.js";

test("the alert is at its time on the axis, whatever the step", () => {
  const range = { startMs: Date.parse("2025-07-02T00:00:00Z"), endMs: Date.parse("2025-07-03T00:00:00Z") };
  const frame = { theme: THEMES.light, timezone: "UTC", height: 100, range, domain: { low: 0, high: 1 } };
  for (const stepS of [60, 3600]) {
    const record = hydratedOf({ alerted_at: "2025-07-02T13:00:00Z" }, stepS);
    expect(alertX(record, frame)).toBeCloseTo((13 / 24) * PLOT_WIDTH, 6);
  }
});
