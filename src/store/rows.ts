import { z } from "zod";
import { ROW_ID } from "./row-id.js";

/*
 * What a store keeps. A row is data as JSON holds it: times are ISO 8601 with a zone, missing is null. Fields are only ever
 * added, and fields that this version does not know are kept, so that an older version may run beside a newer one.
 */

const id = z.string().regex(ROW_ID, "must be 1 to 200 visible ASCII characters without blanks");
/** PostgreSQL stores no NUL and no half of a surrogate pair in a text. */
const name = z
  .string()
  .max(1000)
  .refine((text) => !text.includes("\0") && !/[\uD800-\uDFFF]/u.test(text), "must be text without NUL");
const time = z
  .string()
  .refine((text) => /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text)), {
    message: "must be a time such as 2025-07-01T21:14:05Z",
  });
const severity = z.enum(["low", "medium", "high", "critical"]);
/** `machine=n2*`, see records/matcher.ts; all of them must hold. */
const matchers = z.array(z.string().min(1).max(1000));

/** An episode as the newest run saw it. `record` is the whole record without the arrays of `context` and `history`. */
const episode = z.looseObject({
  id,
  job: name.nullable(),
  machine: name,
  kind: name,
  severity,
  status: z.enum(["open", "closed"]),
  start: time,
  end: time,
  /** When a run first put it here, and when one last changed it. */
  found_at: time,
  updated_at: time,
  record: z.looseObject({}),
});

/** One change of an episode; `was` and `now` are the values before and after, null where there is none. */
const change = z.looseObject({
  id,
  episode: id,
  at: time,
  change: z.enum(["opened", "severity_raised", "severity_lowered", "kind_changed", "closed", "reopened", "adjusted"]),
  was: z.string().nullable(),
  now: z.string().nullable(),
});

/** Episodes that people hear of as one. What alerting needs besides is in fields of its own. */
const incident = z.looseObject({
  id,
  /** `closing`: over, and somebody may still have to hear of it. */
  status: z.enum(["open", "closing", "closed"]),
  severity,
  opened_at: time,
  updated_at: time,
  closed_at: time.nullable(),
  /** Ids of episodes. */
  members: z.array(id),
});

/** One message to one receiver. Its id is the idempotency key: a second one of the same id is not taken. */
const delivery = z.looseObject({
  id,
  route: name,
  receiver: name,
  incident: id.nullable(),
  /** A delivery that must have ended before this one is sent: an edit waits for its message. */
  after: id.nullable(),
  payload: z.json(),
  created_at: time,
  /** When it is to be sent; of one that is being sent, when its lease ends and somebody else may send it. */
  due_at: time,
  state: z.enum(["waiting", "sending", "delivered", "failed"]),
  /** How often it was claimed. */
  attempts: z.int().nonnegative(),
  last_error: z.string().nullable(),
  /** Who sends it now. */
  lease: z.string().nullable(),
  ended_at: time.nullable(),
  /** What the receiver answered that later messages need, such as the id of the message. */
  reply: z.json(),
});

/** What a person said of an episode. The newest of an episode counts; the others are its history. */
const verdict = z.looseObject({
  id,
  episode: id,
  job: name.nullable(),
  verdict: z.enum(["true", "false", "expected"]),
  author: name.nullable(),
  note: z.string().max(10_000).nullable(),
  at: time,
});

const silence = z.looseObject({
  id,
  matchers,
  from: time,
  until: time,
  author: name.nullable(),
  note: z.string().max(10_000).nullable(),
  created_at: time,
});

/** A known span: what happens in it is expected, or has this cause. */
const event = z.looseObject({
  id,
  kind: z.enum(["deploy", "maintenance", "holiday"]),
  matchers,
  from: time,
  until: time,
  author: name.nullable(),
  note: z.string().max(10_000).nullable(),
  /** `cli`, `api`, … */
  source: name,
});

/** One execution of a job. */
const run = z.looseObject({
  id,
  job: name.nullable(),
  started_at: time,
  ended_at: time,
  /** The span of data it looked at. */
  from: time.nullable(),
  until: time.nullable(),
  series: z.int().nonnegative(),
  episodes: z.int().nonnegative(),
  /** Why it came to nothing; null of one that succeeded. */
  failure: z.string().nullable(),
});

export const ROW_SCHEMAS = {
  episodes: episode,
  changes: change,
  incidents: incident,
  deliveries: delivery,
  verdicts: verdict,
  silences: silence,
  events: event,
  runs: run,
};

export type EpisodeRow = Readonly<z.infer<typeof episode>>;
export type ChangeRow = Readonly<z.infer<typeof change>>;
export type IncidentRow = Readonly<z.infer<typeof incident>>;
export type DeliveryRow = Readonly<z.infer<typeof delivery>>;
export type VerdictRow = Readonly<z.infer<typeof verdict>>;
export type SilenceRow = Readonly<z.infer<typeof silence>>;
export type EventRow = Readonly<z.infer<typeof event>>;
export type RunRow = Readonly<z.infer<typeof run>>;
