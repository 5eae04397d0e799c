import type { Severity } from "../../records/record.js";
import type { Route } from "../settings/settings.js";
import type { Incident, Notice, Stage } from "../state.js";
import { isWorse } from "./severity.js";

/** How it is with an incident for one route at a moment. */
export interface Circumstances {
  readonly nowMs: number;
  readonly severity: Severity;
  readonly isQuiet: boolean;
  /** Quiet hours are under way, and it is too bad for them. */
  readonly isExempt: boolean;
  readonly isSilenced: boolean;
}

/** What a notice becomes, and what is said: `open` may still become part of a digest. */
export interface Step {
  readonly notice: Notice;
  readonly stage: Stage | null;
}

/**
 * The next step of what a route says of an incident. As in Alertmanager: the first message waits `group_wait` for more members, new
 * members wait `group_interval`, and an incident that stays open is said again after `repeat_interval`. A severity that rises is said at once.
 */
export function nextStep(incident: Incident, before: Notice, route: Route, now: Circumstances): Step {
  const notice = { ...before, isSilenced: now.isSilenced };
  switch (notice.status) {
    case "pending":
      return pendingStep(incident, notice, route, now);
    case "open":
      return openStep(incident, notice, route, now);
    case "digest":
      return digestStep(incident, notice, now);
    case "held":
      // It got worse in the night: nobody must wait for the digest.
      if (!now.isExempt || now.isSilenced || incident.closedMs !== null) return { notice, stage: null };
      return { notice: { ...notice, status: "pending" }, stage: "open" };
    case "closed":
      return { notice, stage: null };
  }
}

function pendingStep(incident: Incident, notice: Notice, route: Route, now: Circumstances): Step {
  const { nowMs, isQuiet, isSilenced } = now;
  if (incident.mergedInto !== null) return { notice: { ...notice, status: "closed" }, stage: null };
  if (isSilenced) return { notice: incident.closedMs === null ? notice : { ...notice, status: "closed" }, stage: null };
  if (incident.closedMs === null && nowMs - notice.sinceMs < route.groupWaitMs) return { notice, stage: null };
  if (isQuiet) return { notice: { ...notice, status: "held" }, stage: null };
  return { notice, stage: incident.closedMs === null ? "open" : "close" };
}

function openStep(incident: Incident, notice: Notice, route: Route, now: Circumstances): Step {
  const { nowMs, severity, isQuiet, isSilenced } = now;
  // Its end changes a message that is there; in quiet hours even that can wait.
  if (incident.closedMs !== null) return { notice, stage: isQuiet ? null : "close" };
  if (isSilenced || isQuiet) return { notice, stage: null };
  const { escalate, groupIntervalMs, repeatIntervalMs } = route;
  const sinceLastMs = nowMs - (notice.lastMs ?? nowMs);
  const isDue = escalate !== null && nowMs - (notice.openedMs ?? nowMs) >= escalate.afterMs;
  if (isDue && !notice.isEscalated && incident.ack === null) return { notice, stage: "escalation" };
  if (isWorse(severity, notice.severity)) return { notice, stage: "update" };
  if (incident.members.length > notice.members && sinceLastMs >= groupIntervalMs) return { notice, stage: "update" };
  const isRepeated = repeatIntervalMs > 0 && incident.ack === null && sinceLastMs >= repeatIntervalMs;
  return { notice, stage: isRepeated ? "repeat" : null };
}

/** A digest says what becomes of it, unless it gets worse than the digest said. */
function digestStep(incident: Incident, notice: Notice, { severity, isQuiet, isSilenced }: Circumstances): Step {
  if (incident.closedMs !== null) return { notice: { ...notice, status: "closed" }, stage: null };
  const isSaid = isWorse(severity, notice.severity) && !isQuiet && !isSilenced;
  return { notice, stage: isSaid ? "open" : null };
}

/** The notice once a stage is said. */
export function afterSaying(
  notice: Notice,
  stage: Stage,
  incident: Incident,
  now: Pick<Circumstances, "nowMs" | "severity">,
): Notice {
  return {
    ...notice,
    status: stage === "close" ? "closed" : "open",
    said: notice.said + 1,
    openedMs: notice.openedMs ?? now.nowMs,
    // An escalation goes to others: the route's own intervals continue.
    lastMs: stage === "escalation" ? notice.lastMs : now.nowMs,
    severity: stage === "escalation" ? notice.severity : now.severity,
    members: stage === "escalation" ? notice.members : incident.members.length,
    isEscalated: notice.isEscalated || stage === "escalation",
  };
}
