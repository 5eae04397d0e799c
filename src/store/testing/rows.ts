import { formatUtc } from "../../time/format.js";
import type { NewDelivery } from "../deliveries.js";
import type { EpisodeRow, EventRow, VerdictRow } from "../rows.js";

export const MINUTE = 60_000;
/** A moment that tests count from. */
export const T0 = Date.parse("2025-07-01T10:00:00Z");
export const atMinute = (minute: number) => formatUtc(T0 + minute * MINUTE);

export const testVerdict = (id: string, minute = 0, changes: Partial<VerdictRow> = {}): VerdictRow => ({
  id,
  episode: "e1",
  job: "web",
  verdict: "false",
  author: null,
  note: null,
  at: atMinute(minute),
  ...changes,
});

export const testEvent = (id: string, minute = 0, changes: Partial<EventRow> = {}): EventRow => ({
  id,
  kind: "deploy",
  matchers: ["machine=n2*"],
  from: atMinute(minute),
  until: atMinute(minute + 10),
  author: "ann",
  note: "web-1.42",
  source: "cli",
  ...changes,
});

export const testEpisode = (id: string, minute = 0, changes: Partial<EpisodeRow> = {}): EpisodeRow => ({
  id,
  job: "web",
  machine: "n1",
  kind: "spike",
  severity: "high",
  status: "open",
  start: atMinute(minute),
  end: atMinute(minute + 5),
  found_at: atMinute(minute),
  updated_at: atMinute(minute),
  record: { schema: "anomaly/1", id },
  ...changes,
});

export const testDelivery = (id: string, minute = 0, changes: Partial<NewDelivery> = {}): NewDelivery => ({
  id,
  route: "oncall",
  receiver: "slack",
  incident: null,
  payload: { text: `message ${id}` },
  dueMs: T0 + minute * MINUTE,
  ...changes,
});
