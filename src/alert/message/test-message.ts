import { MINUTE_MS } from "../../time/duration.js";
import { formatUtc } from "../../time/format.js";
import type { AlertSettings } from "../settings/settings.js";
import { type AlertMessage, MESSAGE_SCHEMA } from "./message.js";

/** A message that says that it is only a test. */
export function testMessage(
  id: string,
  route: string,
  { timezone, url }: Pick<AlertSettings, "timezone" | "url">,
  nowMs: number,
): AlertMessage {
  const since = formatUtc(nowMs - 5 * MINUTE_MS);
  return {
    schema: MESSAGE_SCHEMA,
    id,
    incident: id,
    kind: "test",
    stage: "open",
    route,
    severity: "low",
    status: "open",
    title: `a message of anomaly alert test on the route ${route}; nothing is wrong`,
    sent_at: formatUtc(nowMs),
    since,
    until: null,
    duration_s: 300,
    facts: [],
    reasons: ["somebody tries whether messages arrive"],
    likely_cause: null,
    history: null,
    fleet: null,
    first_mover: null,
    members: [],
    members_total: 0,
    labels: {},
    links: url === null ? [] : [{ words: "All anomalies", url }],
    false_alarm: null,
    record: null,
    picture: null,
    timezone,
  };
}
