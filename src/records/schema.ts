import { z } from "zod";
import { formatUtc } from "../time/format.js";
import { detectorOf } from "./origin.js";
import { type AnomalyRecord, type HydratedRecord, RECORD_SCHEMA } from "./record.js";

const time = z
  .string()
  .refine((text) => /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text)), {
    message: "must be a time such as 2025-07-01T21:14:05Z",
  });
const figure = z.number().nullable();
const slots = z.array(figure);

const leftOutSchema = z.array(z.looseObject({ from: time, until: time })).optional();

const memberSchema = z.looseObject({
  series: z.string(),
  target: z.string(),
  labels: z.record(z.string(), z.string()),
  share: z.number(),
  score: z.number(),
  off: z.number(),
  unit: z.string().nullable(),
  model: z.string(),
  model_version: z.string().nullable(),
  detector: z.string(),
  threshold: z.string().nullable(),
  threshold_divisor: figure,
  left_out: leftOutSchema,
});

const explanationSchema = z.looseObject({
  class: z.string().optional(),
  parts: z.array(
    z.looseObject({ name: z.string(), value: figure, limit: figure, unit: z.enum(["slots", "share"]).optional() }),
  ),
  passes: z.looseObject({ low: figure, high: figure }).nullable(),
});

const severity = z.enum(["low", "medium", "high", "critical"]);
const share = z.number().min(0).max(1);
const heldBack = z.looseObject({ before: severity, after: z.null() });
const likeFalseAlarms = z.looseObject({
  kind: z.literal("verdict"),
  verdicts: z
    .array(
      z.looseObject({
        episode: z.string(),
        verdict: z.literal("false"),
        at: time,
        author: z.string().nullable(),
        note: z.string().nullable(),
      }),
    )
    .min(1),
  limit: z.number(),
  points: z.number(),
  score: z.looseObject({ before: z.number(), after: z.number() }),
  severity: heldBack,
});
const lowConfidence = z.looseObject({
  kind: z.literal("confidence"),
  confidence: share,
  least: share,
  severity: heldBack,
});

/** A record as `infer` writes it. Fields that are not known are kept: they are only ever added within one version. */
export const recordSchema = z
  .looseObject({
    schema: z.literal(RECORD_SCHEMA),
    machine: z.string(),
    aggregator: z.string(),
    timestamp: time,
    severity,
    id: z.string().min(1),
    kind: z.enum(["spike", "drop", "level_shift", "drift", "stall", "variance", "silence", "lateness", "group"]),
    series: z.string(),
    target: z.string(),
    labels: z.record(z.string(), z.string()),
    start: time,
    // Added after the first records were written; `withDefaults` says what it was.
    alerted_at: time.optional(),
    end: time,
    status: z.enum(["open", "closed"]),
    duration_s: z.number().nonnegative(),
    points: z.number().nonnegative(),
    step_s: z.number().positive(),
    score: z.number(),
    observed: figure,
    expected: figure,
    lower: figure,
    upper: figure,
    direction: z.enum(["up", "down", "none"]),
    reasons: z.array(z.string()),
    explanation: explanationSchema.nullable().optional(),
    unit: z.string().nullable(),
    model: z.string(),
    // Where it comes from was added as well.
    model_version: z.string().nullable().optional(),
    detector: z.string().optional(),
    threshold: z.string().nullable().optional(),
    threshold_divisor: figure.optional(),
    job: z.string().nullable().optional(),
    datasource_uid: z.string().optional(),
    detected_at: time,
    events: z
      .array(
        z.looseObject({
          id: z.string(),
          kind: z.enum(["deploy", "maintenance", "holiday"]),
          from: time,
          until: time,
          note: z.string().nullable(),
        }),
      )
      .optional(),
    left_out: leftOutSchema,
    suppressed_by: z
      .union([
        z.looseObject({ event: z.string(), kind: z.literal("maintenance"), note: z.string().nullable() }),
        z.looseObject({ episode: z.string(), kind: z.literal("verdict"), note: z.string().nullable() }),
        z.looseObject({ kind: z.literal("confidence"), confidence: share, note: z.null() }),
      ])
      .optional(),
    confidence: share.optional(),
    adjusted_by: z.union([likeFalseAlarms, lowConfidence]).optional(),
    member_count: z.number().optional(),
    members: z.array(memberSchema).optional(),
    likely_cause: z.string().optional(),
  })
  .refine((record) => Date.parse(record.start) <= Date.parse(record.end), "end must not be before start");

/** A record of an older writer with the fields that were added since. Its first slot is taken for the alarm. */
export function withDefaults(record: z.infer<typeof recordSchema>): AnomalyRecord {
  const firstSlotEndMs = Date.parse(record.start) + record.step_s * 1000;
  return {
    ...record,
    alerted_at: record.alerted_at ?? formatUtc(firstSlotEndMs),
    detector: detectorOf(record) ?? record.model,
    model_version: record.model_version ?? null,
    threshold: record.threshold ?? null,
    threshold_divisor: record.threshold_divisor ?? null,
  };
}

const contextSchema = z
  .looseObject({
    start: time,
    step_s: z.number().positive(),
    observed: slots,
    expected: slots,
    lower: slots,
    upper: slots,
    lag_24h: slots,
    lag_72h: slots,
  })
  .refine(
    (context) =>
      [context.expected, context.lower, context.upper, context.lag_24h, context.lag_72h].every(
        (values) => values.length === context.observed.length,
      ),
    "all arrays must be as long as observed",
  );

const historySchema = z
  .looseObject({ start: time, step_s: z.number().positive(), low: slots, median: slots, high: slots })
  .refine(
    ({ low, median, high }) => low.length === median.length && high.length === median.length,
    "all arrays must be as long as median",
  );

/** What `hydrate` adds. */
export const hydrationSchema = z.looseObject({
  max_value: figure,
  avg_value: figure,
  valid_pct: figure,
  min_value: figure,
  p50_value: figure,
  p95_value: figure,
  baseline_value: figure,
  last_good_value: figure,
  last_good_at: time.nullable(),
  duration_so_far_s: figure,
  window: z.looseObject({ start: time, end: time, mode: z.enum(["centred", "trailing"]) }),
  context: contextSchema.nullable(),
  // Added after the first records were written.
  history: historySchema.nullable().optional(),
  hydrate_error: z.string().optional(),
});

/** Whether `hydrate` has been over a record that was read. */
export function isHydrated(record: AnomalyRecord | HydratedRecord): record is HydratedRecord {
  return "context" in record;
}
