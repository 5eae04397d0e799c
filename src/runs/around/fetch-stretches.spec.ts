import { describe, expect, test } from "vitest";
import type { Series, TimeRange } from "../../series/series.js";
import type { SeriesQuery, SeriesSource } from "../../sources/source.js";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../time/duration.js";
import { fetchStretches, type StretchPlan, stretchOf } from "./fetch-stretches.js";

const window = { startMs: Date.UTC(2025, 6, 2, 20), endMs: Date.UTC(2025, 6, 2, 22) };
const plan: StretchPlan = { window, leadMs: 4 * HOUR_MS, days: 3, timezone: "UTC" };

/** Values are the minutes of the day, so a stretch shows which hours it is of. */
function source(stepOf: (range: TimeRange) => number | undefined) {
  const asked: { query: SeriesQuery; range: TimeRange }[] = [];
  const fetch: SeriesSource["fetch"] = async (query, range) => {
    asked.push({ query, range });
    const stepMs = stepOf(range);
    if (stepMs === undefined) return { series: [], problems: [], notes: [] };
    const startMs = Math.ceil(range.startMs / stepMs) * stepMs;
    const length = Math.ceil((range.endMs - startMs) / stepMs);
    const values = Float64Array.from({ length }, (_, i) => ((startMs + i * stepMs) % DAY_MS) / MINUTE_MS);
    const series: Series = { name: "a", labels: { machine: "a" }, startMs, stepMs, values };
    return { series: [series], problems: [], notes: [] };
  };
  return { asked, opened: { source: { kind: "test", fetch }, targets: [{ expression: "*", labels: {} }] } };
}

describe("what is fetched", () => {
  test("is only the same hours of each day, in the step of the newest", async () => {
    const { asked, opened } = source(() => MINUTE_MS);
    const { series, notes } = await fetchStretches(opened, plan, () => {});
    expect(asked.map(({ range }) => range)).toEqual(
      [0, 1, 2, 3].map((day) => ({
        startMs: window.startMs - 4 * HOUR_MS - day * DAY_MS,
        endMs: window.endMs - day * DAY_MS,
      })),
    );
    expect(asked.map(({ query }) => query.stepMs)).toEqual([undefined, MINUTE_MS, MINUTE_MS, MINUTE_MS]);
    expect(notes).toEqual([]);
    expect(series[0].days).toHaveLength(4);
    for (const values of series[0].days) expect([values.length, values[0], values[359]]).toEqual([360, 960, 1319]);
  });

  test("an earlier day that the source has in finer steps is brought to the newest's, one in coarser steps is left out and said", async () => {
    const steps = [5 * MINUTE_MS, MINUTE_MS, 20 * MINUTE_MS, undefined];
    const { opened } = source(({ startMs }) => steps[Math.round((window.startMs - 4 * HOUR_MS - startMs) / DAY_MS)]);
    const { series, notes } = await fetchStretches(opened, plan, () => {});
    const [now, finer, coarser, none] = series[0].days;
    expect([now.length, finer.length, coarser.length, none.length]).toEqual([72, 72, 72, 72]);
    expect(finer.every((value) => value === value)).toBe(true);
    expect([...coarser, ...none].every((value) => value !== value)).toBe(true);
    expect(notes).toEqual(["1 stretch of earlier days is kept in coarser steps and not used"]);
  });
});

test("the same hours are those on the zone's clock when it changes", () => {
  // Berlin left summer time on 2025-10-26 at 03:00, so 20:00 was 18:00 UTC the day before and 19:00 UTC after.
  const startMs = Date.UTC(2025, 9, 26, 19);
  const berlin = { ...plan, window: { startMs, endMs: startMs + HOUR_MS }, leadMs: 0, timezone: "Europe/Berlin" };
  expect(stretchOf(berlin, 0).startMs).toBe(startMs);
  expect(stretchOf(berlin, 1)).toEqual({ startMs: Date.UTC(2025, 9, 25, 18), endMs: Date.UTC(2025, 9, 25, 19) });
});
