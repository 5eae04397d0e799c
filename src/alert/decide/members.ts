import type { Problem } from "../problem.js";
import type { Incident, Member, Notice } from "../state.js";
import type { Grouped } from "./group.js";
import type { RoutesOf } from "./routing.js";
import { isWorse } from "./severity.js";

export interface Looked {
  readonly nowMs: number;
  /** All that is known now, by id. */
  readonly problems: ReadonlyMap<string, Problem>;
  /** Whether a status of this job that is not among the problems is over. */
  readonly isCovered: (job: string | null) => boolean;
  readonly routesOf: RoutesOf;
  readonly closeAfterMs: number;
}

/** An incident with its members as they are now; it is closed once all have been over for long enough. */
export function updated(incident: Incident, looked: Looked): Incident {
  if (incident.closedMs !== null) return incident;
  const members = incident.members.map((member) => updatedMember(member, looked));
  return closedIfOver(withNotices({ ...incident, members }, looked.nowMs), looked);
}

export function memberOf(problem: Problem, { nowMs, routesOf }: Looked): Member {
  const { id, kind, series, job, machine, aggregator, severity, isOpen, startMs, endMs } = problem;
  const closedMs = isOpen ? null : Math.min(endMs, nowMs);
  return { id, kind, series, job, machine, aggregator, severity, startMs, endMs, closedMs, routes: routesOf(problem) };
}

function updatedMember(member: Member, { nowMs, problems, isCovered, routesOf }: Looked): Member {
  const problem = problems.get(member.id);
  if (problem === undefined) {
    const isOver = member.kind === "episode" || isCovered(member.job);
    if (!isOver || member.closedMs !== null) return member;
    return { ...member, closedMs: nowMs, endMs: member.kind === "episode" ? member.endMs : nowMs };
  }
  return {
    ...member,
    severity: isWorse(problem.severity, member.severity) ? problem.severity : member.severity,
    startMs: Math.min(member.startMs, problem.startMs),
    endMs: Math.max(member.endMs, problem.endMs),
    closedMs: problem.isOpen ? null : (member.closedMs ?? nowMs),
    routes: [...new Set([...member.routes, ...routesOf(problem)])],
  };
}

/** Carries out what grouping found: members join, new incidents begin, and some become a part of another. */
export function regrouped(
  incidents: readonly Incident[],
  groups: readonly Grouped[],
  looked: Looked,
): readonly Incident[] {
  const { nowMs, problems } = looked;
  const byId = new Map(incidents.map((one) => [one.id, one]));
  for (const { incident: id, added, merged } of groups) {
    const target = byId.get(id) ?? newIncident(id, nowMs);
    const members = new Map(target.members.map((member) => [member.id, member]));
    for (const other of merged) for (const one of byId.get(other)?.members ?? []) members.set(one.id, one);
    for (const one of added) {
      const problem = problems.get(one);
      if (problem !== undefined) members.set(one, memberOf(problem, looked));
    }
    const ack = target.ack ?? merged.map((other) => byId.get(other)?.ack ?? null).find((one) => one !== null) ?? null;
    byId.set(id, closedIfOver(withNotices({ ...target, ack, members: [...members.values()] }, nowMs), looked));
    for (const other of merged) {
      const joined = byId.get(other);
      if (joined !== undefined) byId.set(other, { ...joined, closedMs: nowMs, mergedInto: id });
    }
  }
  return [...byId.values()];
}

function newIncident(id: string, nowMs: number): Incident {
  return { id, openedMs: nowMs, closedMs: null, mergedInto: null, ack: null, members: [], notices: {} };
}

/** A notice for every route that takes one of its members. */
function withNotices(incident: Incident, nowMs: number): Incident {
  const missing = incident.members.flatMap(({ routes }) => routes).filter((route) => !(route in incident.notices));
  if (missing.length === 0) return incident;
  const added = Object.fromEntries(missing.map((route) => [route, newNotice(nowMs)]));
  return { ...incident, notices: { ...incident.notices, ...added } };
}

function newNotice(sinceMs: number): Notice {
  return {
    sinceMs,
    status: "pending",
    said: 0,
    openedMs: null,
    lastMs: null,
    severity: null,
    members: 0,
    isEscalated: false,
    isSilenced: false,
    digest: null,
  };
}

function closedIfOver(incident: Incident, { nowMs, closeAfterMs }: Looked): Incident {
  const overMs = incident.members.reduce((latest, { closedMs }) => Math.max(latest, closedMs ?? Infinity), 0);
  return overMs + closeAfterMs > nowMs ? incident : { ...incident, closedMs: nowMs };
}
