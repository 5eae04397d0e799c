import { createHash } from "node:crypto";
import type { AnomalyRecord, EpisodeKind } from "../records/record.js";
import { seriesKey } from "../series/series.js";
import { MINUTE_MS } from "../time/duration.js";
import { count } from "../wording/count.js";
import { kindWords } from "../wording/kind.js";
import { type IncidentSummary, mostFrequent, summaryOfMembers } from "./summary.js";
import { begunTogether } from "./together.js";

/** Episodes that began together on one machine, as one: a stopped exporter is not a page for each of its series. */
export interface MachineIncident extends IncidentSummary {
  /** Stable: a hash of machine and first start. */
  readonly id: string;
  readonly machine: string;
  /** Series concerned. */
  readonly series: number;
  /** The most frequent kind of the members. */
  readonly member_kind: EpisodeKind;
  /** `15 series silent`, `4 series: level shift up`, `5 series: 3 spike up, 2 drop` */
  readonly words: string;
}

/** Episodes of one scrape begin in one slot; a minute or two of jitter and retries lie between those of several. */
const WINDOW_MS = 5 * MINUTE_MS;
/** Two series of one machine often belong together anyway, such as bytes and packets. */
const LEAST_SERIES = 3;

/**
 * Finds what began on one machine in at least three series within five minutes or a slot, whichever is longer; in the order of
 * their start. Only records of one step begin together.
 */
export function findMachineIncidents(records: readonly AnomalyRecord[]): MachineIncident[] {
  const byMachine = new Map<string, AnomalyRecord[]>();
  for (const record of records) {
    const key = JSON.stringify([record.machine, record.step_s]);
    const own = byMachine.get(key);
    if (own === undefined) byMachine.set(key, [record]);
    else own.push(record);
  }
  return [...byMachine.values()]
    .flatMap((own) => {
      const windowMs = Math.max(WINDOW_MS, own[0].step_s * 1000);
      return begunTogether(own, windowMs, LEAST_SERIES, ({ labels }) => seriesKey(labels)).map(machineIncident);
    })
    .sort((a, b) => Date.parse(a.start) - Date.parse(b.start) || (a.machine < b.machine ? -1 : 1));
}

function machineIncident(members: readonly AnomalyRecord[]): MachineIncident {
  const [{ machine, start }] = members;
  const series = new Set(members.map(({ labels }) => seriesKey(labels))).size;
  return {
    id: createHash("sha256").update(`machine ${machine} ${start}`).digest("hex").slice(0, 16),
    machine,
    series,
    member_kind: mostFrequent(members.map(({ kind }) => kind)),
    words: `${count(series, "series")}${kindsInWords(members)}`,
    ...summaryOfMembers(members),
  };
}

function kindsInWords(members: readonly AnomalyRecord[]): string {
  if (members.every(({ kind }) => kind === "silence")) return " silent";
  const counts = new Map<string, number>();
  for (const member of members) counts.set(kindWords(member), (counts.get(kindWords(member)) ?? 0) + 1);
  const kinds = [...counts].sort((a, b) => b[1] - a[1]);
  return kinds.length === 1 ? `: ${kinds[0][0]}` : `: ${kinds.map(([kind, n]) => `${n} ${kind}`).join(", ")}`;
}
