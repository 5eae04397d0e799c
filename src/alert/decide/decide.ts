import { worstSeverity } from "../../records/worst-first.js";
import type { Problem } from "../problem.js";
import { isDuring } from "../settings/quiet-hours.js";
import type { AlertSettings, Route } from "../settings/settings.js";
import type { AlertState, Digest, Incident, Notice, Say } from "../state.js";
import { newDigest, updateDigests } from "./digest.js";
import { group } from "./group.js";
import { type Looked, memberOf, regrouped, updated } from "./members.js";
import { afterSaying, type Circumstances, nextStep } from "./notice.js";
import { routing } from "./routing.js";
import { isAtLeast } from "./severity.js";

/** What is known at a moment. */
export interface Look {
  readonly nowMs: number;
  /** Everything that is wrong or was lately: of what is not here, episodes are over, and statuses of jobs that were looked at. */
  readonly problems: readonly Problem[];
  /** Jobs whose statuses are complete here. */
  readonly coveredJobs: readonly (string | null)[];
  /** Ids of problems that a silence holds for now. */
  readonly silenced: ReadonlySet<string>;
  /** Machines there are; 0: as many as have problems. */
  readonly fleetMachines: number;
}

export interface Decision {
  readonly state: AlertState;
  readonly say: readonly Say[];
  /** Those that messages may be about, also where there is nothing left to remember of them. */
  readonly incidents: ReadonlyMap<string, Incident>;
  readonly digests: readonly Digest[];
}

type DecideSettings = Pick<AlertSettings, "routes" | "closeAfterMs" | "maxAgeMs" | "storm" | "timezone">;

/**
 * What must be said now, and what is to be remembered for the next look. It depends on nothing but its arguments: who looks twice at one
 * moment says nothing the second time.
 */
export function decide(before: AlertState, look: Look, settings: DecideSettings): Decision {
  const { nowMs } = look;
  const incidents = incidentsNow(before.incidents, look, settings);
  const says: Say[] = [];
  const byId = new Map(incidents.map((one) => [one.id, one]));
  let digests = before.digests;
  for (const route of settings.routes) {
    const out = sayOnRoute(route, byId, { ...before, digests }, look, settings);
    says.push(...out.says);
    digests = out.digests;
  }
  const kept = [...byId.values()].filter((one) => !isDone(one, nowMs, settings, digests));
  const state = { incidents: kept, digests: digests.filter(({ closedMs }) => closedMs === null) };
  return { state, say: says, incidents: byId, digests };
}

function incidentsNow(before: readonly Incident[], look: Look, settings: DecideSettings): readonly Incident[] {
  const { nowMs, fleetMachines } = look;
  const problems = new Map(look.problems.map((one) => [one.id, one]));
  const covered = new Set(look.coveredJobs);
  const looked: Looked = {
    nowMs,
    problems,
    isCovered: (job) => covered.has(job),
    routesOf: routing(settings.routes),
    closeAfterMs: settings.closeAfterMs,
  };
  const inSome = new Set(before.flatMap(({ members }) => members.map(({ id }) => id)));
  const isNews = ({ isOpen, endMs }: Problem) => isOpen || nowMs - endMs <= settings.maxAgeMs;
  const unknown = look.problems.filter((one) => !inSome.has(one.id) && isNews(one));
  const known = before.map((incident) => updated(comeBack(incident, unknown, looked), looked));
  const live = known.filter(({ closedMs }) => closedMs === null);
  const inLive = new Set(live.flatMap(({ members }) => members.map(({ id }) => id)));
  const inOver = new Set(known.flatMap(({ members }) => members.map(({ id }) => id)));
  const fresh = look.problems.filter((one) => {
    return !inLive.has(one.id) && (one.isOpen || (!inOver.has(one.id) && isNews(one)));
  });
  const joined = regrouped(live, group(fresh, live, problems, { fleetMachines, nowMs }), looked);
  return [...known.filter(({ closedMs }) => closedMs !== null), ...joined];
}

/** Adds what began again within the time of hysteresis: it finds its incident open, however rarely anybody looks. */
function comeBack(incident: Incident, unknown: readonly Problem[], looked: Looked): Incident {
  if (incident.closedMs !== null) return incident;
  const spans = new Map<string, { startMs: number; endMs: number }>();
  for (const { series, startMs, endMs } of incident.members) {
    const span = spans.get(series) ?? { startMs, endMs };
    spans.set(series, { startMs: Math.min(span.startMs, startMs), endMs: Math.max(span.endMs, endMs) });
  }
  const back = unknown.filter(({ series, startMs }) => {
    const span = spans.get(series);
    return span !== undefined && startMs >= span.startMs && startMs < span.endMs + looked.closeAfterMs;
  });
  if (back.length === 0) return incident;
  return { ...incident, members: [...incident.members, ...back.map((problem) => memberOf(problem, looked))] };
}

function sayOnRoute(
  route: Route,
  incidents: Map<string, Incident>,
  { digests }: AlertState,
  look: Look,
  { storm, timezone }: DecideSettings,
): { readonly says: readonly Say[]; readonly digests: AlertState["digests"] } {
  const { nowMs } = look;
  const says: Say[] = [];
  const due: Incident[] = [];
  const put = (incident: Incident, notice: Notice) =>
    incidents.set(incident.id, { ...incident, notices: { ...incident.notices, [route.name]: notice } });
  const own = [...incidents.values()].filter(({ notices }) => route.name in notices);
  for (const incident of own) {
    const now = circumstances(incident, route, look, timezone);
    const { notice, stage } = nextStep(incident, incident.notices[route.name], route, now);
    if (stage === null) put(incident, notice);
    else if (stage === "open" && notice.status === "pending") {
      put(incident, notice);
      due.push(incident);
    } else {
      says.push(sayOf(incident, notice, stage, route));
      put(incident, afterSaying(notice, stage, incident, now));
    }
  }
  const inDigest = (held: readonly Incident[], reason: "storm" | "quiet") => {
    const open =
      reason === "storm" ? digests.find((one) => one.route === route.name && one.reason === reason) : undefined;
    const digest = open ?? newDigest(route.name, reason, nowMs, held);
    const joined = { ...digest, incidents: [...new Set([...digest.incidents, ...held.map(({ id }) => id)])] };
    digests = [...digests.filter(({ id }) => id !== digest.id), joined];
    for (const { id } of held) {
      const incident = incidents.get(id)!;
      const { severity } = circumstances(incident, route, look, timezone);
      const status = incident.closedMs === null ? "digest" : "closed";
      put(incident, { ...incident.notices[route.name], status, severity, digest: digest.id });
    }
  };
  const sayAlone = (incident: Incident) => {
    const current = incidents.get(incident.id)!;
    const stage = current.closedMs === null ? "open" : "close";
    const notice = current.notices[route.name];
    says.push(sayOf(current, notice, stage, route));
    put(current, afterSaying(notice, stage, current, circumstances(current, route, look, timezone)));
  };

  const recent = own.filter(({ notices, mergedInto }) => {
    const { sinceMs, isSilenced } = notices[route.name];
    return mergedInto === null && !isSilenced && nowMs - sinceMs < storm.windowMs;
  });
  if (due.length > 0 && recent.length > storm.incidents) inDigest(due, "storm");
  else due.forEach(sayAlone);

  const held = own.filter(({ id }) => incidents.get(id)?.notices[route.name].status === "held");
  const isOver = held.length > 0 && !isQuietAt(route, nowMs, timezone);
  if (isOver && held.length === 1) sayAlone(held[0]);
  else if (isOver) inDigest(held, "quiet");

  const updatedDigests = updateDigests(digests, route, incidents, nowMs);
  return { says: [...says, ...updatedDigests.says], digests: updatedDigests.digests };
}

function sayOf({ id }: Incident, { said, isEscalated }: Notice, stage: Say["stage"], route: Route): Say {
  const others = route.escalate?.receivers ?? [];
  const receivers =
    stage === "escalation"
      ? others
      : stage === "close" && isEscalated
        ? [...route.receivers, ...others]
        : route.receivers;
  return {
    id: `${id}-${route.name}-${said + 1}`,
    stage,
    route: route.name,
    receivers: [...new Set(receivers)],
    incident: id,
    digest: null,
  };
}

function circumstances(incident: Incident, route: Route, look: Look, timezone: string): Circumstances {
  const severity = worstSeverity(incident.members.map((member) => member.severity)) ?? "low";
  const open = incident.members.filter(({ closedMs }) => closedMs === null);
  const asked = open.length > 0 ? open : incident.members;
  const isQuiet = isQuietAt(route, look.nowMs, timezone, severity);
  return {
    nowMs: look.nowMs,
    severity,
    isQuiet,
    isExempt: !isQuiet && isQuietAt(route, look.nowMs, timezone),
    isSilenced: asked.every(({ id }) => look.silenced.has(id)),
  };
}

function isQuietAt({ quiet }: Route, nowMs: number, timezone: string, severity?: Circumstances["severity"]): boolean {
  return quiet.some(
    (hours) =>
      isDuring(hours, nowMs, timezone) &&
      !(severity !== undefined && hours.except !== null && isAtLeast(severity, hours.except)),
  );
}

/** Nothing of it is left to say, and what it held is too old to be taken for something new. */
function isDone(
  { id, closedMs, openedMs, members, notices, mergedInto }: Incident,
  nowMs: number,
  { maxAgeMs, storm, routes }: DecideSettings,
  digests: AlertState["digests"],
): boolean {
  if (closedMs === null) return false;
  const isSaid = routes.every(({ name }) => !(name in notices) || notices[name].status === "closed");
  const inDigest = digests.some((digest) => digest.closedMs === null && digest.incidents.includes(id));
  const lastMs = members.reduce((latest, { endMs }) => Math.max(latest, endMs), 0);
  const isOld = mergedInto !== null || nowMs - lastMs > maxAgeMs;
  return isSaid && !inDigest && isOld && nowMs - openedMs >= storm.windowMs;
}
