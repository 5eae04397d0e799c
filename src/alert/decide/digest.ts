import { createHash } from "node:crypto";
import { worstSeverity } from "../../records/worst-first.js";
import type { Route } from "../settings/settings.js";
import type { Digest, Incident, Say } from "../state.js";

/** A digest that has said nothing yet. */
export function newDigest(
  route: string,
  reason: Digest["reason"],
  nowMs: number,
  incidents: readonly Incident[],
): Digest {
  const hash = createHash("sha256").update(`${route} ${reason} ${nowMs} ${incidents[0].id}`).digest("hex");
  return {
    id: `dig-${hash.slice(0, 12)}`,
    route,
    reason,
    openedMs: nowMs,
    closedMs: null,
    lastMs: nowMs,
    said: 0,
    incidents: [],
    signature: "",
  };
}

/** Says digests that are new, that have changed and waited for `group_interval`, and those of which everything is over. */
export function updateDigests(
  digests: readonly Digest[],
  route: Route,
  incidents: ReadonlyMap<string, Incident>,
  nowMs: number,
): { readonly digests: readonly Digest[]; readonly says: readonly Say[] } {
  const says: Say[] = [];
  const after = digests.map((digest): Digest => {
    if (digest.route !== route.name || digest.closedMs !== null) return digest;
    const own = digest.incidents.flatMap((id) => incidents.get(id) ?? []);
    const isOver = own.every(({ closedMs }) => closedMs !== null);
    const signature = signatureOf(own);
    const isDue = nowMs - digest.lastMs >= route.groupIntervalMs;
    const isFirst = digest.said === 0;
    if (!isFirst && !isOver && (signature === digest.signature || !isDue)) return digest;
    const stage = isOver ? "close" : isFirst ? "open" : "update";
    const said = digest.said + 1;
    says.push({
      id: `${digest.id}-${route.name}-${said}`,
      stage,
      route: route.name,
      receivers: route.receivers,
      incident: null,
      digest: digest.id,
    });
    return { ...digest, said, signature, lastMs: nowMs, closedMs: isOver ? nowMs : null };
  });
  return { digests: after, says };
}

function signatureOf(incidents: readonly Incident[]): string {
  const parts = incidents.map(({ id, closedMs, members }) => {
    const severity = worstSeverity(members.map((member) => member.severity));
    return `${id} ${severity} ${closedMs === null ? "open" : "closed"}`;
  });
  return createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 16);
}
