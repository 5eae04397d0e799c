import { worstSeverity } from "../../records/worst-first.js";
import { isDuring } from "../settings/quiet-hours.js";
import type { Route } from "../settings/settings.js";
import type { Incident } from "../state.js";
import type { Look } from "./look.js";
import type { Circumstances } from "./notice.js";
import { isAtLeast } from "./severity.js";

/** What decides on a route about an incident at this moment. */
export function circumstances(
  incident: Incident,
  route: Route,
  { nowMs, silenced }: Look,
  timezone: string,
): Circumstances {
  const severity = worstSeverity(incident.members.map((member) => member.severity)) ?? "low";
  const open = incident.members.filter(({ closedMs }) => closedMs === null);
  const asked = open.length > 0 ? open : incident.members;
  const isQuiet = isQuietAt(route, nowMs, timezone, severity);
  return {
    nowMs,
    severity,
    isQuiet,
    isExempt: !isQuiet && isQuietAt(route, nowMs, timezone),
    isSilenced: asked.every(({ id }) => silenced.has(id)),
  };
}

/** Whether quiet hours of a route hold a message, of a severity or at all. */
export function isQuietAt(
  { quiet }: Route,
  nowMs: number,
  timezone: string,
  severity?: Circumstances["severity"],
): boolean {
  return quiet.some(
    (hours) =>
      isDuring(hours, nowMs, timezone) &&
      !(severity !== undefined && hours.except !== null && isAtLeast(severity, hours.except)),
  );
}
