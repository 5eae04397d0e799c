import type { Problem } from "../problem.js";
import type { AlertSettings } from "../settings/settings.js";
import type { AlertState, Digest, Incident, Say } from "../state.js";
import { group } from "./group.js";
import type { Look } from "./look.js";
import { type Looked, memberOf, regrouped, updated } from "./members.js";
import { routing } from "./routing.js";
import { sayOnRoute } from "./say-on-route.js";

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
    const out = sayOnRoute(route, byId, digests, look, settings);
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
