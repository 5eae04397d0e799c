import type { AlertSettings, Route } from "../settings/settings.js";
import type { Digest, Incident, Notice, Say } from "../state.js";
import { circumstances, isQuietAt } from "./circumstances.js";
import { newDigest, updateDigests } from "./digest.js";
import type { Look } from "./look.js";
import { afterSaying, nextStep } from "./notice.js";

type Settings = Pick<AlertSettings, "storm" | "timezone">;

/** One look at one route. The incidents are those of the caller, whose notices it brings up to date. */
interface Turn {
  readonly route: Route;
  readonly look: Look;
  readonly settings: Settings;
  readonly incidents: Map<string, Incident>;
  readonly says: Say[];
  digests: readonly Digest[];
}

/** What a route has to say now. Puts into `incidents` what it has said of each. */
export function sayOnRoute(
  route: Route,
  incidents: Map<string, Incident>,
  digests: readonly Digest[],
  look: Look,
  settings: Settings,
): { readonly says: readonly Say[]; readonly digests: readonly Digest[] } {
  const turn: Turn = { route, look, settings, incidents, says: [], digests };
  const own = [...incidents.values()].filter(({ notices }) => route.name in notices);
  const due = own.filter((incident) => step(turn, incident));
  if (isStorm(turn, own, due)) intoDigest(turn, due, "storm");
  else for (const incident of due) sayAlone(turn, incident);
  sayAfterQuiet(turn, own);
  const updated = updateDigests(turn.digests, route, incidents, look.nowMs);
  return { says: [...turn.says, ...updated.says], digests: updated.digests };
}

/** Says what is new of an incident that was heard of before. @returns whether it is to be opened: alone, or in a storm. */
function step(turn: Turn, incident: Incident): boolean {
  const { route, look, settings, says } = turn;
  const now = circumstances(incident, route, look, settings.timezone);
  const { notice, stage } = nextStep(incident, incident.notices[route.name], route, now);
  if (stage === null || (stage === "open" && notice.status === "pending")) {
    put(turn, incident, notice);
    return stage !== null;
  }
  says.push(sayOf(incident, notice, stage, route));
  put(turn, incident, afterSaying(notice, stage, incident, now));
  return false;
}

function isStorm({ route, look, settings: { storm } }: Turn, own: readonly Incident[], due: readonly Incident[]) {
  const recent = own.filter(({ notices, mergedInto }) => {
    const { sinceMs, isSilenced } = notices[route.name];
    return mergedInto === null && !isSilenced && look.nowMs - sinceMs < storm.windowMs;
  });
  return due.length > 0 && recent.length > storm.incidents;
}

/** What quiet hours held, once they are over: one incident by itself, several as a digest. */
function sayAfterQuiet(turn: Turn, own: readonly Incident[]): void {
  const { route, look, settings, incidents } = turn;
  const held = own.filter(({ id }) => incidents.get(id)?.notices[route.name].status === "held");
  if (held.length === 0 || isQuietAt(route, look.nowMs, settings.timezone)) return;
  if (held.length === 1) sayAlone(turn, held[0]);
  else intoDigest(turn, held, "quiet");
}

function sayAlone(turn: Turn, { id }: Incident): void {
  const { route, look, settings, incidents, says } = turn;
  const incident = incidents.get(id)!;
  const stage = incident.closedMs === null ? "open" : "close";
  const notice = incident.notices[route.name];
  says.push(sayOf(incident, notice, stage, route));
  const now = circumstances(incident, route, look, settings.timezone);
  put(turn, incident, afterSaying(notice, stage, incident, now));
}

/** Adds incidents to the digest of the storm that is under way, or to a new one. */
function intoDigest(turn: Turn, held: readonly Incident[], reason: Digest["reason"]): void {
  const { route, look, settings, incidents } = turn;
  const isOfStorm = (one: Digest) => one.route === route.name && one.reason === "storm";
  const open = reason === "storm" ? turn.digests.find(isOfStorm) : undefined;
  const digest = open ?? newDigest(route.name, reason, look.nowMs, held);
  const joined = { ...digest, incidents: [...new Set([...digest.incidents, ...held.map(({ id }) => id)])] };
  turn.digests = [...turn.digests.filter(({ id }) => id !== digest.id), joined];
  for (const { id } of held) {
    const incident = incidents.get(id)!;
    const { severity } = circumstances(incident, route, look, settings.timezone);
    const status = incident.closedMs === null ? "digest" : "closed";
    put(turn, incident, { ...incident.notices[route.name], status, severity, digest: digest.id });
  }
}

function put({ incidents, route }: Turn, incident: Incident, notice: Notice): void {
  incidents.set(incident.id, { ...incident, notices: { ...incident.notices, [route.name]: notice } });
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
