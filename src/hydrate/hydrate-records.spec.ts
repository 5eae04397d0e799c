/* Longer than most: one fleet and one set of records serve all promises. */
import { describe, expect, test } from "vitest";
import { SourceError } from "../errors/errors.js";
import type { AnomalyRecord, HydratedRecord } from "../records/record.js";
import type { Labels } from "../series/series.js";
import { DAY_MS, HOUR_MS } from "../time/duration.js";
import type { BandProvider } from "./band.js";
import { type HydrateOptions, type HydrateProgress, hydrateRecords } from "./hydrate-records.js";
import { resumeFrom } from "./resume.js";
import { committedFleet, memorySource, recordOf } from "./testing/fleet-source.js";

const series = committedFleet();
const NOW = Date.parse("2025-07-04T00:00:00Z");
const options = (change: Partial<HydrateOptions> = {}): HydrateOptions => ({
  source: memorySource(series),
  nowMs: NOW,
  windowMode: "centred",
  ...change,
});
async function hydrate(records: readonly AnomalyRecord[], change: Partial<HydrateOptions> = {}) {
  const hydrated: HydratedRecord[] = [];
  for await (const record of hydrateRecords(records, options(change))) hydrated.push(record);
  return hydrated;
}

// The figures are pandas' on data/fleet (history and live joined), s being the machine's column:
//   w = s[(s.index >= ts - 12h) & (s.index < min(ts + 12h, now))]
//   w.max(), w.mean(), w.min(), w.quantile(.5), w.quantile(.95), w.notna().mean()
//   base = pd.concat([s[start - d days : start - d days + max(1h, end - start)] for d in 1..7]).median()
//   s[s.index < start].dropna().iloc[-1]
describe("hydrated figures are those of pandas on the same data", () => {
  test("of a spike, with the window cut at now", async () => {
    const [spike] = await hydrate([recordOf()], { nowMs: Date.parse("2025-07-02T20:00:00Z") });
    expect(spike.window).toEqual({ start: "2025-07-01T23:40:00Z", end: "2025-07-02T20:00:00Z", mode: "centred" });
    expect(spike.context?.observed).toHaveLength(61);
    expect(spike.max_value).toBe(0.101341);
    expect(spike.avg_value).toBeCloseTo(0.021517474576271185, 12);
    expect(spike.min_value).toBe(0.012483);
    expect(spike.p50_value).toBe(0.021045);
    expect(spike.p95_value).toBeCloseTo(0.0255788, 12);
    expect(spike.valid_pct).toBeCloseTo(0.9672131147540983, 6);
    expect(spike.baseline_value).toBe(0.023096);
    expect(spike.last_good_value).toBe(0.022289);
    expect(spike.last_good_at).toBe("2025-07-02T11:20:00Z");
    expect(spike.context?.observed[36]).toBe(0.101341);
    expect(spike.context?.lag_24h[36]).toBe(0.024756);
    expect(spike.context?.lag_72h[36]).toBe(0.01902);
    expect(spike.duration_so_far_s).toBe(1200);
  });

  test("of a spike, looking back only", async () => {
    const [spike] = await hydrate([recordOf()], { windowMode: "trailing" });
    expect(spike.window).toEqual({ start: "2025-07-01T12:00:00Z", end: "2025-07-02T12:00:00Z", mode: "trailing" });
    expect(spike.max_value).toBe(0.101341);
    expect(spike.avg_value).toBeCloseTo(0.02091145714285714, 12);
    expect(spike.valid_pct).toBeCloseTo(0.9722222222222222, 6);
  });

  test("of a silence, where the last good value lies before it", async () => {
    const record = recordOf({
      aggregator: "visit_length_hour",
      kind: "silence",
      timestamp: "2025-07-01T09:20:00Z",
      start: "2025-07-01T09:20:00Z",
      end: "2025-07-01T12:00:00Z",
      observed: null,
    });
    const [silence] = await hydrate([record]);
    expect(silence.max_value).toBe(0.025452);
    expect(silence.avg_value).toBeCloseTo(0.01910140625, 12);
    expect(silence.p95_value).toBeCloseTo(0.0248024, 12);
    expect(silence.valid_pct).toBeCloseTo(0.8888888888888888, 6);
    expect(silence.baseline_value).toBeCloseTo(0.0215035, 12);
    expect(silence.last_good_value).toBe(0.020679);
    expect(silence.last_good_at).toBe("2025-07-01T09:00:00Z");
    expect(silence.context?.observed.slice(36, 44)).toEqual(new Array(8).fill(null));
  });
});

test("an open episode lasts until now", async () => {
  const [open] = await hydrate([recordOf({ status: "open" })], { nowMs: Date.parse("2025-07-02T13:00:00Z") });
  expect(open.duration_so_far_s).toBe(4800);
});

describe("requests", () => {
  test("many records near in time are one request, each target once", async () => {
    const records = series.flatMap(({ labels }) => [
      recordOf({ machine: labels["machine"], aggregator: labels["aggregator"] }),
      recordOf({ machine: labels["machine"], aggregator: labels["aggregator"], timestamp: "2025-07-02T18:00:00Z" }),
    ]);
    const source = memorySource(series);
    const hydrated = await hydrate(records, { source });
    expect(hydrated).toHaveLength(36);
    expect(source.requests).toHaveLength(2);
    expect(source.requests[0].query.targets).toHaveLength(18);
    expect(source.requests[0].query.stepMs).toBe(1_200_000);
    // 7 days before the episode for the baseline, to 12 hours after the later record.
    expect(source.requests[0].range).toEqual({
      startMs: Date.parse("2025-06-25T11:40:00Z"),
      endMs: Date.parse("2025-07-03T06:00:00Z"),
    });
    // The rest of the two weeks, in whatever step the source keeps of that age.
    expect(source.requests[1].query.stepMs).toBeUndefined();
    expect(source.requests[1].range).toEqual({
      startMs: Date.parse("2025-06-17T23:40:00Z"),
      endMs: Date.parse("2025-06-25T11:40:00Z"),
    });
  });

  test("where the older weeks cannot be had the record is hydrated all the same, with a shorter history", async () => {
    const source = memorySource(series, ({ stepMs }) => (stepMs === undefined ? new Error("gone") : undefined));
    const [record] = await hydrate([recordOf()], { source });
    expect(record.hydrate_error).toBeUndefined();
    expect(record.max_value).toBe(0.101341);
    expect(record.history?.start).toBe("2025-06-17T23:00:00Z");
    expect(record.history?.median.findIndex((value) => value !== null)).toBe(7 * 24 + 12);
  });

  test("records far apart in time, or of another step, are not fetched together", async () => {
    const source = memorySource(series);
    await hydrate(
      [
        recordOf(),
        recordOf({ timestamp: "2025-06-10T00:00:00Z", start: "2025-06-10T00:00:00Z", end: "2025-06-10T00:20:00Z" }),
        recordOf({ machine: "n200-primary-example-com", step_s: 600 }),
      ],
      { source },
    );
    const main = source.requests.filter(({ query }) => query.stepMs !== undefined);
    expect(main).toHaveLength(3);
    expect(source.requests).toHaveLength(6);
    for (const { range } of source.requests) expect(range.endMs - range.startMs).toBeLessThanOrEqual(8 * DAY_MS);
  });
});

describe("nothing is lost and the order stays", () => {
  const records = [
    recordOf({ id: "1" }),
    recordOf({ id: "2", machine: "n999-gone" }),
    recordOf({
      id: "3",
      timestamp: "2025-06-20T00:00:00Z",
      start: "2025-06-20T00:00:00Z",
      end: "2025-06-20T00:20:00Z",
    }),
    recordOf({ id: "4", machine: "n200-primary-example-com" }),
  ];

  test.each([1, 2, 3, 100])("with batches of %i", async (batchSize) => {
    const seen: HydrateProgress[] = [];
    const hydrated = await hydrate(records, { batchSize, onProgress: (progress) => seen.push(progress) });
    expect(hydrated.map((record) => record.id)).toEqual(["1", "2", "3", "4"]);
    expect(hydrated.map((record) => record.hydrate_error)).toEqual([
      undefined,
      "no data for n999-gone.client_presence_hour",
      undefined,
      undefined,
    ]);
    expect(hydrated[1]).toMatchObject({ max_value: null, avg_value: null, valid_pct: null, context: null });
    expect(seen.at(-1)).toEqual({ done: 4, failed: 1, reused: 0 });
  });

  test("a source that fails gives every record of that request its reason", async () => {
    const source = memorySource(series, (query) =>
      query.targets.some((target) => target.expression.startsWith("n999"))
        ? new SourceError("unreachable", "Graphite did not answer within 10s")
        : undefined,
    );
    const hydrated = await hydrate(records, { source });
    expect(hydrated.map((record) => record.hydrate_error)).toEqual([
      "Graphite did not answer within 10s",
      "Graphite did not answer within 10s",
      undefined,
      "Graphite did not answer within 10s",
    ]);
  });

  test("records come from a stream as well, and none at all give none", async () => {
    async function* stream() {
      yield* records;
    }
    const ids: string[] = [];
    for await (const record of hydrateRecords(stream(), options())) ids.push(record.id);
    expect(ids).toEqual(["1", "2", "3", "4"]);
    expect(await hydrate([])).toEqual([]);
  });
});

describe("the band", () => {
  test("is requested with its history before the window and nothing after it", async () => {
    const asked: { before: number; after: number }[] = [];
    const band: BandProvider = {
      historyMs: 14 * DAY_MS,
      band(given, range) {
        asked.push({
          before: range.startMs - given.startMs,
          after: given.startMs + given.values.length * given.stepMs - range.endMs,
        });
        const slots = (range.endMs - range.startMs) / given.stepMs;
        return {
          expected: new Float64Array(slots).fill(0.02),
          lower: new Float64Array(slots).fill(0.01),
          upper: new Float64Array(slots).fill(0.03),
        };
      },
    };
    const [hydrated] = await hydrate([recordOf()], { bandFor: () => band });
    expect(asked).toEqual([{ before: 14 * DAY_MS, after: 0 }]);
    expect(hydrated.context?.expected).toEqual(new Array(72).fill(0.02));
    expect(hydrated.context?.upper).toEqual(new Array(72).fill(0.03));
  });

  test("that fails is that record's error, and one that has nothing to say leaves nulls", async () => {
    const failing: BandProvider = {
      historyMs: HOUR_MS,
      band() {
        throw new Error("the model does not know this step");
      },
    };
    const [failed] = await hydrate([recordOf()], { bandFor: () => failing });
    expect(failed.hydrate_error).toBe("the model does not know this step");
    const [silent] = await hydrate([recordOf()], {
      bandFor: () => ({ historyMs: HOUR_MS, band: () => undefined }),
    });
    expect(silent.hydrate_error).toBeUndefined();
    expect(silent.context?.expected).toEqual(new Array(72).fill(null));
  });
});

describe("resumeFrom", () => {
  test("takes over what has the same id, end and status, and fetches only the rest", async () => {
    const before = [recordOf({ id: "1" }), recordOf({ id: "2" }), recordOf({ id: "3", status: "open" })];
    const existing = await hydrate(before);
    const source = memorySource(series);
    const again = [
      recordOf({ id: "1", score: 5 }),
      recordOf({ id: "2", end: "2025-07-02T12:20:00Z" }),
      recordOf({ id: "3" }),
      recordOf({ id: "4" }),
    ];
    const seen: HydrateProgress[] = [];
    const hydrated = await hydrate(again, {
      source,
      reuse: resumeFrom(existing, "centred"),
      onProgress: (progress) => seen.push(progress),
    });
    expect(hydrated[0]).toEqual({ ...existing[0], score: 5 });
    expect(hydrated.map((record) => record.end)).toEqual(again.map((record) => record.end));
    expect(seen.at(-1)).toEqual({ done: 4, failed: 0, reused: 1 });
    expect(source.requests).toHaveLength(2);
  });

  test("does not take over an error or another window", async () => {
    const existing = await hydrate([recordOf({ id: "1", machine: "n999-gone" }), recordOf({ id: "2" })]);
    expect(resumeFrom(existing, "centred")(recordOf({ id: "1" }))).toBeUndefined();
    expect(resumeFrom(existing, "trailing")(recordOf({ id: "2" }))).toBeUndefined();
    expect(resumeFrom(existing, "centred")(recordOf({ id: "2" }))).toBeDefined();
  });

  test("a record with an old error loses it when it is hydrated again", async () => {
    const [failed] = await hydrate([recordOf({ machine: "n999-gone" })]);
    const [hydrated] = await hydrate([{ ...failed, ...recordOf() }]);
    expect("hydrate_error" in hydrated).toBe(false);
  });
});

test("a series that says something else in any label is never taken for the record's, however alone it is", async () => {
  const [one] = series;
  const idle: Labels = { ...one.labels, mode: "idle" };
  const source: HydrateOptions["source"] = {
    kind: "memory",
    fetch: async () => ({ series: [{ ...one, labels: { ...one.labels, mode: "user" } }], problems: [], notes: [] }),
  };
  const record = recordOf({ machine: idle["machine"], aggregator: idle["aggregator"], series: one.name, labels: idle });
  const [hydrated] = await hydrate([record], { source });
  expect([hydrated.max_value, hydrated.hydrate_error]).toEqual([
    null,
    expect.stringContaining("without the series of"),
  ]);
});
