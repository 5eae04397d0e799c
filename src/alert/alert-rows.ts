import type { Severity } from "../records/record.js";
import { worstSeverity } from "../records/worst-first.js";
import type { IncidentRow } from "../store/rows.js";
import type { Reading, Transaction } from "../store/store.js";
import { formatUtc } from "../time/format.js";
import type { Decision } from "./decide/decide.js";
import type { AlertState, Digest, Incident } from "./state.js";

/** What alerting still has to do with: incidents and digests that are open, or that people may still have to hear of. */
export async function readState(reading: Reading): Promise<AlertState> {
  const rows = await reading.find("incidents", { where: { status: ["open", "closing"] } });
  return {
    incidents: rows.flatMap((row) => incidentOf(row) ?? []),
    digests: rows.flatMap((row) => digestOf(row) ?? []),
  };
}

/** The incident of a row; undefined of one that is a digest. */
export function incidentOf({ incident }: IncidentRow): Incident | undefined {
  return incident as Incident | undefined;
}

export function digestOf({ digest }: IncidentRow): Digest | undefined {
  return digest as Digest | undefined;
}

/** Writes what has changed. What is not remembered any more is closed for good. */
export async function writeState(
  transaction: Transaction,
  before: AlertState,
  { state, incidents, digests }: Decision,
  nowMs: number,
): Promise<void> {
  const wasThere = new Map([...before.incidents, ...before.digests].map((one) => [one.id, JSON.stringify(one)]));
  const keptIncidents = new Set(state.incidents.map(({ id }) => id));
  const put = async (one: Incident | Digest, isKept: boolean, row: Pick<IncidentRow, "members" | "severity">) => {
    if (isKept && wasThere.get(one.id) === JSON.stringify(one)) return;
    const body = "members" in one ? { incident: one } : { digest: one };
    await transaction.put("incidents", {
      id: one.id,
      status: one.closedMs === null ? "open" : isKept ? "closing" : "closed",
      opened_at: formatUtc(one.openedMs),
      updated_at: formatUtc(nowMs),
      closed_at: one.closedMs === null ? null : formatUtc(one.closedMs),
      ...row,
      ...body,
    });
  };
  for (const one of incidents.values()) {
    const severity = severityOf([one]);
    await put(one, keptIncidents.has(one.id), { members: one.members.map(({ id }) => id), severity });
  }
  for (const one of digests) {
    const own = one.incidents.flatMap((id) => incidents.get(id) ?? []);
    const members = own.flatMap((incident) => incident.members.map(({ id }) => id));
    await put(one, one.closedMs === null, { members: [...new Set(members)], severity: severityOf(own) });
  }
}

function severityOf(incidents: readonly Incident[]): Severity {
  return worstSeverity(incidents.flatMap(({ members }) => members.map(({ severity }) => severity))) ?? "low";
}
