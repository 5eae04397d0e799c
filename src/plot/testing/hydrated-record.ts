import { recordOf } from "../../hydrate/testing/fleet-source.js";
import type { HydratedRecord } from "../../records/record.js";
import { formatUtc } from "../../time/format.js";

const HOUR_S = 3600;

/**
 * A day of slots around noon of 2025-07-02 UTC with a wave between 0.02 and 0.03, and an episode of one slot at 12:00 that
 * is five times as high.
 */
export function hydratedOf(change: Partial<HydratedRecord> = {}, stepS = HOUR_S): HydratedRecord {
  const start = Date.parse("2025-07-02T00:00:00Z");
  const slots = 86_400 / stepS;
  const wave = (i: number) => Number((0.025 + 0.005 * Math.sin((2 * Math.PI * i) / slots)).toPrecision(6));
  const each = (of: (i: number) => number) => Array.from({ length: slots }, (_, i) => Number(of(i).toPrecision(6)));
  const observed = each(wave);
  observed[slots / 2] = 0.125;
  return {
    ...recordOf({
      timestamp: "2025-07-02T12:00:00Z",
      start: "2025-07-02T12:00:00Z",
      end: formatUtc(Date.parse("2025-07-02T12:00:00Z") + stepS * 1000),
      step_s: stepS,
      duration_s: stepS,
      alerted_at: formatUtc(Date.parse("2025-07-02T12:00:00Z") + stepS * 1000),
      observed: 0.125,
      expected: 0.025,
      lower: 0.02,
      upper: 0.03,
    }),
    max_value: 0.125,
    avg_value: 0.0292,
    valid_pct: 1,
    min_value: 0.02,
    p50_value: 0.0251,
    p95_value: 0.0301,
    baseline_value: 0.0249,
    last_good_value: 0.0263,
    last_good_at: "2025-07-02T11:00:00Z",
    duration_so_far_s: stepS,
    window: { start: "2025-07-02T00:00:00Z", end: "2025-07-03T00:00:00Z", mode: "centred" },
    context: {
      start: formatUtc(start),
      step_s: stepS,
      observed,
      expected: each(wave),
      lower: each((i) => wave(i) - 0.004),
      upper: each((i) => wave(i) + 0.004),
      lag_24h: each((i) => wave(i) * 1.05),
      lag_72h: each((i) => wave(i) * 0.93),
    },
    ...change,
  };
}

/** The record with two weeks of the same wave before it: an hour a slot, a tenth of the wave to either side, a gap of six hours. */
export function withHistory(record: HydratedRecord, peak = 0.031): HydratedRecord {
  const hours = 15 * 24;
  const wave = (i: number, part: number) =>
    i >= 100 && i < 106 ? null : Number(((0.025 + 0.005 * Math.sin((2 * Math.PI * i) / 24)) * part).toPrecision(4));
  const each = (part: number) => Array.from({ length: hours }, (_, i) => wave(i, part));
  const high = each(1.1);
  high[50] = peak;
  high[14 * 24 + 12] = 0.125;
  return {
    ...record,
    history: { start: "2025-06-18T00:00:00Z", step_s: HOUR_S, low: each(0.9), median: each(1), high },
  };
}

/** 70 and 60 characters: the longest names that a picture must hold. */
export const LONG_MACHINE = "n200-primary-example-com-with-a-long-name-in-rack-17-of-hall-42-east-W";
export const LONG_AGGREGATOR = "ProbeTablesAggregator.node_tag_probe_counts_by_ssid_hour_all";
