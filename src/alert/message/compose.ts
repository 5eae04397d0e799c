/* Longer than most: what a message says is decided in one place, for one incident and for many. */
import { isGroupRecord } from "../../records/group-members.js";
import type { AnomalyRecord, HydratedRecord, Severity } from "../../records/record.js";
import { worstSeverity } from "../../records/worst-first.js";
import { furtherLabels } from "../../series/telling-labels.js";
import { formatUtc } from "../../time/format.js";
import { count } from "../../wording/count.js";
import { formatValue } from "../../wording/format-value.js";
import { kindWords } from "../../wording/kind.js";
import { labelWords } from "../../wording/labels.js";
import { formatIn } from "../../wording/moment.js";
import { percent } from "../../wording/percent.js";
import { shownUnit } from "../../wording/shown-unit.js";
import { visible } from "../../wording/visible.js";
import type { AlertSettings } from "../settings/settings.js";
import type { Digest, Incident, Member, Say } from "../state.js";
import { linksOf, withoutRunbook } from "./links.js";
import { type AlertMessage, type Fact, MESSAGE_SCHEMA, type MessageMember } from "./message.js";
import { recurrence } from "./recurrence.js";

/** Members that are named one by one; the others are counted. */
const MOST_MEMBERS = 20;
const MOST_REASONS = 5;
/** A name may be as long as its source likes. */
const LONGEST_NAME = 200;

/** What is known beside the state. */
export interface Around {
  readonly nowMs: number;
  readonly settings: Pick<AlertSettings, "url" | "grafana" | "timezone">;
  /** The newest record of an episode; undefined where nobody keeps it. */
  readonly recordOf: (id: string) => AnomalyRecord | HydratedRecord | undefined;
  /** In words, of a status. */
  readonly reasonOf: (id: string) => string | null;
  /** Begins of earlier episodes of the same series as this one, epoch ms. */
  readonly earlier: (record: AnomalyRecord) => readonly number[];
  readonly fleetMachines: number;
}

/** The message about one incident. */
export function incidentMessage(say: Say, incident: Incident, around: Around): AlertMessage {
  const { nowMs, settings } = around;
  const members = sortedMembers(incident, around);
  const record = around.recordOf(members[0].id);
  const machines = new Set(incident.members.map(({ machine }) => machine).filter((machine) => machine !== ""));
  const records = incident.members.flatMap(({ id }) => around.recordOf(id) ?? []);
  const first = [...incident.members].sort((a, b) => a.startMs - b.startMs || (a.id < b.id ? -1 : 1))[0];
  const isStatus = incident.members.every(({ kind }) => kind !== "episode");
  const total = around.fleetMachines >= machines.size && around.fleetMachines > 0 ? around.fleetMachines : null;
  return {
    ...frame(say, incident, incident.members, nowMs, settings.timezone),
    kind: isStatus ? "status" : "incident",
    title: titleOf(incident, records, machines),
    facts: [...(record === undefined ? [] : factsOf(record)), ...endFacts(incident, records, settings.timezone)],
    reasons: reasonsOf(incident, record, around),
    likely_cause: records.flatMap(({ likely_cause }) => likely_cause ?? [])[0] ?? null,
    history:
      record === undefined ? null : recurrence(around.earlier(record), Date.parse(record.start), settings.timezone),
    fleet:
      machines.size < 2
        ? null
        : {
            machines: machines.size,
            total,
            share: total === null ? null : Number((machines.size / total).toPrecision(4)),
          },
    first_mover: incident.members.length < 2 ? null : shownMember(first, around),
    members: members.slice(0, MOST_MEMBERS).map((member) => shownMember(member, around)),
    members_total: members.length,
    labels: commonLabels(records),
    links: record === undefined ? [] : linksOf(record, settings),
    false_alarm: record === undefined ? null : `anomaly verdict ${record.id} false`,
    record: record === undefined ? null : withoutArrays(record),
    picture: record === undefined ? null : record.id,
  };
}

/** The record that stands for an incident: that of its worst member. */
export function leading(incident: Incident, around: Pick<Around, "recordOf">): AnomalyRecord | undefined {
  return around.recordOf(sortedMembers(incident, around)[0].id);
}

function sortedMembers({ members }: Incident, { recordOf }: Pick<Around, "recordOf">): readonly Member[] {
  return members
    .map((member) => ({ ...member, score: recordOf(member.id)?.score ?? null, member }))
    .sort(worstFirst)
    .map(({ member }) => member);
}

/** The message about many incidents: one line for each. */
export function digestMessage(say: Say, digest: Digest, incidents: readonly Incident[], around: Around): AlertMessage {
  const { nowMs, settings } = around;
  const all = incidents.flatMap(({ members }) => members);
  const open = incidents.filter(({ closedMs }) => closedMs === null).length;
  const lines = incidents.map((incident): MessageMember => {
    const records = incident.members.flatMap(({ id }) => around.recordOf(id) ?? []);
    const machines = new Set(incident.members.map(({ machine }) => machine).filter((machine) => machine !== ""));
    return {
      id: incident.id,
      name: titleOf(incident, records, machines),
      words: "",
      severity: severityOf(incident.members),
      status: incident.closedMs === null ? "open" : "closed",
      since: formatUtc(Math.min(...incident.members.map(({ startMs }) => startMs))),
      score: records.length === 0 ? null : Math.max(...records.map(({ score }) => score)),
    };
  });
  const state = open === 0 ? "all over" : `${open} still open`;
  const what = digest.reason === "storm" ? "Storm" : "After quiet hours";
  const machines = new Set(all.map(({ machine }) => machine).filter((machine) => machine !== ""));
  return {
    ...frame(say, { ...digest, mergedInto: null }, all, nowMs, settings.timezone),
    kind: digest.reason,
    title: `${what}: ${count(incidents.length, "incident")}, ${state}`,
    facts: machines.size === 0 ? [] : [{ name: "Machines", value: String(machines.size) }],
    reasons: [],
    likely_cause: null,
    history: null,
    fleet: null,
    first_mover: null,
    members: lines.sort(worstFirst).slice(0, MOST_MEMBERS),
    members_total: lines.length,
    labels: {},
    links: settings.url === null ? [] : [{ words: "All anomalies", url: settings.url }],
    false_alarm: null,
    record: null,
    picture: null,
  };
}

/** What is worked out alike for one incident and for many. */
function frame(
  { id, stage, route, incident, digest }: Say,
  { closedMs }: Pick<Incident, "closedMs" | "mergedInto">,
  members: readonly Member[],
  nowMs: number,
  timezone: string,
) {
  const sinceMs = members.reduce((earliest, { startMs }) => Math.min(earliest, startMs), nowMs);
  const lastMs = members.reduce((latest, { endMs }) => Math.max(latest, endMs), sinceMs);
  const untilMs = closedMs === null ? null : lastMs;
  return {
    schema: MESSAGE_SCHEMA,
    id,
    incident: incident ?? digest ?? id,
    stage,
    route,
    severity: severityOf(members),
    status: closedMs === null ? ("open" as const) : ("closed" as const),
    sent_at: formatUtc(nowMs),
    since: formatUtc(sinceMs),
    until: untilMs === null ? null : formatUtc(untilMs),
    duration_s: Math.max(0, Math.round(((untilMs ?? Math.max(nowMs, lastMs)) - sinceMs) / 1000)),
    timezone,
  } as const;
}

const severityOf = (members: readonly Member[]): Severity =>
  worstSeverity(members.map(({ severity }) => severity)) ?? "low";

function titleOf(
  { members, mergedInto }: Incident,
  records: readonly AnomalyRecord[],
  machines: ReadonlySet<string>,
): string {
  const words = subject(members, records, machines);
  return mergedInto === null ? words : `${words} (now part of ${mergedInto})`;
}

function subject(members: readonly Member[], records: readonly AnomalyRecord[], machines: ReadonlySet<string>): string {
  const [first] = members;
  const jobs = [...new Set(members.map(({ job }) => job ?? "none"))].join(", ");
  if (first.kind === "run_failed") return `job ${jobs}: run failed`;
  if (first.kind !== "episode") {
    const what = first.kind === "stale" ? "no new values" : "could not be read";
    return members.length === 1 ? `${name(first)}: ${what}` : `job ${jobs}: ${count(members.length, "series")} ${what}`;
  }
  const words = wordsOfMost(records);
  if (members.length === 1) {
    const [record] = records;
    const isGroup = record !== undefined && isGroupRecord(record);
    return isGroup ? `${short(labelWords(record.labels))}: ${record.reasons[0]}` : `${name(first)}: ${words}`;
  }
  const aggregators = [...new Set(members.map(({ aggregator }) => aggregator))];
  const series = new Set(members.map((member) => member.series)).size;
  const of = aggregators.length === 1 ? short(aggregators[0]) : count(series, "series");
  return machines.size > 1
    ? `${count(machines.size, "machine")}, ${of}: ${words}`
    : `${short([...machines][0] ?? "")}, ${of}: ${words}`;
}

function wordsOfMost(records: readonly AnomalyRecord[]): string {
  const counts = new Map<string, number>();
  for (const record of records) counts.set(kindWords(record), (counts.get(kindWords(record)) ?? 0) + 1);
  const kinds = [...counts].sort((a, b) => b[1] - a[1]);
  if (kinds.length === 0) return "anomalous";
  return kinds.length === 1 ? kinds[0][0] : kinds.map(([kind, n]) => `${n} ${kind}`).join(", ");
}

const name = ({ machine, aggregator }: Pick<Member, "machine" | "aggregator">) =>
  short([machine, aggregator].filter((part) => part !== "").join(" "));

function short(text: string): string {
  const characters = [...visible(text)];
  return characters.length <= LONGEST_NAME ? characters.join("") : `${characters.slice(0, LONGEST_NAME - 1).join("")}…`;
}

function shownMember(member: Member, { recordOf }: Pick<Around, "recordOf">): MessageMember {
  const record = recordOf(member.id);
  const further = record === undefined ? "" : labelWords(withoutRunbook(furtherLabels(record)));
  return {
    id: member.id,
    name: further === "" ? name(member) : short(`${name(member)} ${further}`),
    words: record === undefined ? member.kind.replace("_", " ") : kindWords(record),
    severity: member.severity,
    status: member.closedMs === null ? "open" : "closed",
    since: formatUtc(member.startMs),
    score: record === undefined ? null : Number(record.score.toPrecision(4)),
  };
}

const RANK: Readonly<Record<Severity, number>> = { critical: 3, high: 2, medium: 1, low: 0 };

type Ranked = Pick<MessageMember, "id" | "severity" | "score">;

function worstFirst(a: Ranked, b: Ranked): number {
  return RANK[b.severity] - RANK[a.severity] || (b.score ?? 0) - (a.score ?? 0) || (a.id < b.id ? -1 : 1);
}

/** The value against what is normal, at the worst moment. */
function factsOf(record: AnomalyRecord | HydratedRecord): readonly Fact[] {
  const unit = shownUnit(record);
  const value = (of: number | null) => formatValue(of, unit);
  const { observed, expected, lower, upper, score } = record;
  const facts: Fact[] = [];
  if (observed !== null) facts.push({ name: "Value", value: value(observed) });
  if (expected !== null || lower !== null || upper !== null) {
    const band = lower === null && upper === null ? "" : ` (${value(lower)} to ${value(upper)})`;
    facts.push({ name: "Normal", value: `${value(expected)}${band}` });
  }
  if ("baseline_value" in record && record.baseline_value !== null) {
    facts.push({ name: "Same hours of the days before", value: value(record.baseline_value) });
  }
  if (record.confidence !== undefined) {
    facts.push({ name: "Confidence", value: `${percent(record.confidence)} (chance that people call it real)` });
  }
  facts.push({ name: "Score", value: `${formatValue(score, null)} (1 is the threshold)` });
  return facts;
}

/** What it came to, once it is over. */
function endFacts({ closedMs }: Incident, records: readonly AnomalyRecord[], timezone: string): readonly Fact[] {
  if (closedMs === null || records.length === 0) return [];
  const peak = records.reduce((worst, one) => (one.score > worst.score ? one : worst));
  const at = formatIn(Date.parse(peak.timestamp), timezone);
  return [{ name: "Peak", value: `${formatValue(peak.score, null)} × the threshold at ${at}, ${kindWords(peak)}` }];
}

function reasonsOf({ members }: Incident, record: AnomalyRecord | undefined, { reasonOf }: Around): readonly string[] {
  const own = record?.reasons ?? [...new Set(members.flatMap(({ id }) => reasonOf(id) ?? []))];
  return own.slice(0, MOST_REASONS).map(short);
}

/** Arrays of a day and of weeks: whoever wants them has the record by its id. */
function withoutArrays(record: AnomalyRecord | HydratedRecord): AnomalyRecord {
  const { context: _, history: __, ...kept } = record as Partial<HydratedRecord> & AnomalyRecord;
  if (kept.members === undefined) return kept;
  return { ...kept, members: kept.members.map(({ context: ___, ...member }) => member) };
}

/** Labels that all records have with the same value. */
function commonLabels(records: readonly AnomalyRecord[]): Readonly<Record<string, string>> {
  if (records.length === 0) return {};
  const [first, ...others] = records;
  return Object.fromEntries(
    Object.entries(first.labels).filter(([key, of]) => others.every(({ labels }) => labels[key] === of)),
  );
}

/** `12 of 600 machines (2 %)`; null where the fleet is not known. */
export function shareWords({ fleet }: Pick<AlertMessage, "fleet">): string | null {
  if (fleet === null) return null;
  const { machines, total, share } = fleet;
  return total === null ? count(machines, "machine") : `${machines} of ${count(total, "machine")} (${percent(share)})`;
}
