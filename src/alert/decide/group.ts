import { createHash } from "node:crypto";
import { findFleetAnomalies } from "../../incidents/fleet.js";
import { begunTogether } from "../../incidents/together.js";
import type { AnomalyRecord } from "../../records/record.js";
import { MINUTE_MS } from "../../time/duration.js";
import type { Problem } from "../problem.js";
import type { Incident } from "../state.js";

/** Episodes of one scrape begin in one slot; a minute or two of jitter and retries lie between those of several. */
const WINDOW_MS = 5 * MINUTE_MS;
/** Two series of one machine at once are one thing to whoever is called for it. */
const LEAST_OF_MACHINE = 2;
/** The same metric on two machines is a coincidence in a large fleet. */
const LEAST_MACHINES = 3;

/** Ids of problems that are to be one incident, with the incidents they are in already. */
export interface Grouped {
  readonly incident: string;
  /** New members, in the order of their begin. */
  readonly added: readonly string[];
  /** Other incidents that turn out to be the same. */
  readonly merged: readonly string[];
}

/**
 * Puts new problems into incidents: into one that holds the same series, into one whose members began together with them, or into one
 * of their own. Incidents whose members began together become one, the oldest.
 *
 * @param incidents those that are not over. @param known all problems by id, of members too as far as they are known.
 */
export function group(
  fresh: readonly Problem[],
  incidents: readonly Incident[],
  known: ReadonlyMap<string, Problem>,
  { fleetMachines, nowMs }: { readonly fleetMachines: number; readonly nowMs: number },
): readonly Grouped[] {
  const home = new Map<string, string>();
  const bySeries = new Map<string, string>();
  const openedMs = new Map<string, number>();
  for (const { id, openedMs: at, members } of incidents) {
    openedMs.set(id, at);
    for (const member of members) {
      home.set(member.id, id);
      if (!bySeries.has(member.series)) bySeries.set(member.series, id);
    }
  }
  const clusters = new Clusters(home, openedMs);
  for (const problem of fresh) clusters.add(problem, bySeries.get(problem.series));
  for (const together of beganTogether(fresh, incidents, known, fleetMachines)) clusters.join(together);
  return clusters.grouped(nowMs);
}

/** Groups of ids: of a fleet, of a machine, of a metric on several machines; statuses by job and kind. */
function beganTogether(
  fresh: readonly Problem[],
  incidents: readonly Incident[],
  known: ReadonlyMap<string, Problem>,
  fleetMachines: number,
): readonly (readonly string[])[] {
  const standing = incidents.flatMap(({ members }) => members.flatMap(({ id }) => known.get(id) ?? []));
  const all = [...standing, ...fresh];
  // Nothing new can bring nothing new together.
  if (fresh.length === 0) return [];
  const records = all.flatMap(({ record }) => record ?? []);
  const found: (readonly string[])[] = findFleetAnomalies(records, { fleetMachines }).map(({ members }) => members);
  const ids = (groups: readonly (readonly AnomalyRecord[])[]) => groups.map((members) => members.map(({ id }) => id));
  for (const own of partition(records, ({ machine, step_s }) => `${step_s} ${machine}`)) {
    found.push(...ids(begunTogether(own, windowOf(own), LEAST_OF_MACHINE, ({ id }) => id)));
  }
  for (const own of partition(records, ({ aggregator, direction, step_s }) => `${step_s} ${direction} ${aggregator}`)) {
    found.push(...ids(begunTogether(own, windowOf(own), LEAST_MACHINES, ({ machine }) => machine)));
  }
  const others = all.filter(({ kind }) => kind !== "episode");
  for (const own of partition(others, ({ kind, job }) => `${kind} ${job ?? ""}`)) found.push(own.map(({ id }) => id));
  return found;
}

const windowOf = ([first]: readonly AnomalyRecord[]) => Math.max(WINDOW_MS, first.step_s * 1000);

function partition<T>(all: readonly T[], keyOf: (one: T) => string): readonly (readonly T[])[] {
  const parts = new Map<string, T[]>();
  for (const one of all) {
    const part = parts.get(keyOf(one));
    if (part === undefined) parts.set(keyOf(one), [one]);
    else part.push(one);
  }
  return [...parts.values()];
}

/** Sets of ids that become one where they share one: union–find with path compression. */
class Clusters {
  private readonly parent = new Map<string, string>();
  private readonly fresh = new Map<string, Problem>();
  private readonly home: ReadonlyMap<string, string>;
  private readonly openedMs: ReadonlyMap<string, number>;

  constructor(home: ReadonlyMap<string, string>, openedMs: ReadonlyMap<string, number>) {
    this.home = home;
    this.openedMs = openedMs;
  }

  add(problem: Problem, incident: string | undefined): void {
    this.fresh.set(problem.id, problem);
    if (incident !== undefined) this.unite(node(problem.id), incidentNode(incident));
  }

  join(ids: readonly string[]): void {
    for (const id of ids) this.unite(this.nodeOf(ids[0]), this.nodeOf(id));
  }

  grouped(nowMs: number): readonly Grouped[] {
    const sets = new Map<string, { added: Problem[]; incidents: string[] }>();
    const setOf = (key: string) => {
      const root = this.find(key);
      const set = sets.get(root) ?? { added: [], incidents: [] };
      sets.set(root, set);
      return set;
    };
    for (const problem of this.fresh.values()) setOf(node(problem.id)).added.push(problem);
    for (const id of this.openedMs.keys()) setOf(incidentNode(id)).incidents.push(id);
    return [...sets.values()].flatMap(({ added, incidents }) => {
      if (added.length === 0 && incidents.length < 2) return [];
      const sorted = added.sort((a, b) => a.startMs - b.startMs || (a.id < b.id ? -1 : 1));
      const [oldest, ...merged] = incidents.sort(
        (a, b) => (this.openedMs.get(a) ?? 0) - (this.openedMs.get(b) ?? 0) || (a < b ? -1 : 1),
      );
      return [{ incident: oldest ?? incidentId(sorted[0], nowMs), added: sorted.map(({ id }) => id), merged }];
    });
  }

  private nodeOf(id: string): string {
    const home = this.home.get(id);
    return home === undefined ? node(id) : incidentNode(home);
  }

  private find(key: string): string {
    let root = key;
    for (let next = this.parent.get(root); next !== undefined; next = this.parent.get(root)) root = next;
    // What was passed points to the root from now on: a fleet would else be one long chain.
    for (let at = key; at !== root; ) {
      const next = this.parent.get(at)!;
      this.parent.set(at, root);
      at = next;
    }
    return root;
  }

  private unite(a: string, b: string): void {
    const [from, to] = [this.find(a), this.find(b)];
    if (from !== to) this.parent.set(from, to);
  }
}

const node = (id: string) => `problem ${id}`;
const incidentNode = (id: string) => `incident ${id}`;

/** Of the problem that began it and when it was seen: what comes back after it was over is another incident. */
function incidentId({ id }: Problem, nowMs: number): string {
  return `inc-${createHash("sha256").update(`${id} ${nowMs}`).digest("hex").slice(0, 12)}`;
}
