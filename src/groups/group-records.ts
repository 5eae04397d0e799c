import { severityOf } from "../anomalies/severity.js";
import { continues, episodeId, type KnownEpisode } from "../records/identity.js";
import { leftOutBefore } from "../records/left-out.js";
import { memberNames } from "../records/member-names.js";
import type { RecordOrigin } from "../records/origin.js";
import { type AnomalyRecord, type GroupMember, RECORD_SCHEMA } from "../records/record.js";
import type { Labels, Series, TimeRange } from "../series/series.js";
import { formatUtc } from "../time/format.js";
import { count } from "../wording/count.js";
import { percent } from "../wording/percent.js";
import { contributions } from "./contributions.js";
import type { GroupEpisode } from "./group-watch.js";

/** What the records of groups name as their detector: the rules that made the score, whoever scored the members. */
export const GROUP_DETECTOR = "groups";

/** A record names no more members than this; those with the smallest shares are left out. */
const MOST_MEMBERS = 12;
/** Digits as in other records. */
const DIGITS = 6;
const SHARE_DIGITS = 3;
/** Members that a sentence names. */
const NAMED = 3;

/** A member as the run has looked at it. */
export interface LookedMember extends Pick<Series, "name" | "labels" | "unit"> {
  readonly key: string;
  readonly target: string;
  readonly origin: RecordOrigin;
  /** Spans from which nothing is learned. Default: none. */
  readonly leftOut?: readonly TimeRange[];
}

export interface GroupRecordRequest {
  /** By which the group is one, and its key. */
  readonly group: { readonly key: string; readonly labels: Labels };
  readonly members: readonly LookedMember[];
  readonly stepMs: number;
  readonly range: TimeRange;
  readonly mergeGapMs: number;
  readonly minDurationMs: number;
  /** Of the group's records: `detector` is `GROUP_DETECTOR`. */
  readonly origin: RecordOrigin;
  /** Of a series that does not say its own. */
  readonly unit: string | null;
  readonly known: readonly KnownEpisode[];
  readonly detectedAtMs: number;
}

/** The episodes of a group that touch the reported range, as records. */
export function groupRecords(episodes: readonly GroupEpisode[], request: GroupRecordRequest): AnomalyRecord[] {
  const { range, minDurationMs } = request;
  return episodes
    .filter(({ startMs, endMs }) => endMs > range.startMs && endMs - startMs >= minDurationMs)
    .map((episode) => recordOf(episode, request));
}

function recordOf(episode: GroupEpisode, request: GroupRecordRequest): AnomalyRecord {
  const { group, stepMs, range, mergeGapMs, origin, known } = request;
  const earlier = continues(known, { ...episode, isSilence: false }, mergeGapMs);
  const begunMs = Math.min(episode.startMs, timeOf(earlier?.start));
  const start = formatUtc(begunMs);
  const members = membersOf(episode, request);
  const quietSlots = Math.floor((range.endMs - episode.endMs) / stepMs);
  return {
    schema: RECORD_SCHEMA,
    machine: group.labels["machine"] ?? "",
    aggregator: group.labels["aggregator"] ?? "",
    timestamp: formatUtc(episode.peakMs),
    severity: severityOf(episode.score, 0),
    id: earlier?.id ?? episodeId(group.labels, origin, start),
    kind: "group",
    series: group.key,
    target: "",
    labels: group.labels,
    start,
    alerted_at: formatUtc(Math.min(episode.alertedMs, timeOf(earlier?.alerted_at))),
    end: formatUtc(episode.endMs),
    status: quietSlots * stepMs <= mergeGapMs ? "open" : "closed",
    duration_s: (episode.endMs - begunMs) / 1000,
    points: episode.alarms,
    step_s: stepMs / 1000,
    score: rounded(episode.score, DIGITS),
    observed: null,
    expected: null,
    lower: null,
    upper: null,
    direction: "none",
    reasons: reasonsOf(episode, members, group.labels),
    explanation: null,
    unit: null,
    ...origin,
    member_count: episode.members.length,
    members,
    // Whole seconds, as all other times of a record.
    detected_at: formatUtc(Math.floor(request.detectedAtMs / 1000) * 1000),
  };
}

const timeOf = (iso: string | undefined) => (iso === undefined ? Number.POSITIVE_INFINITY : Date.parse(iso));
const rounded = (value: number, digits: number) => Number(value.toPrecision(digits));

/** Those with a share, as far as the run has looked at them. */
function membersOf(episode: GroupEpisode, { members, unit }: GroupRecordRequest): readonly GroupMember[] {
  const looked = new Map(members.map((member) => [member.key, member]));
  const all = contributions(episode).flatMap(({ key, share, score, off }): readonly GroupMember[] => {
    const member = looked.get(key);
    if (member === undefined || !(share > 0)) return [];
    const { job: _, datasource_uid: __, ...origin } = member.origin;
    const leftOut = leftOutBefore(episode.endMs, member.leftOut);
    return [
      {
        series: member.name,
        target: member.target,
        labels: member.labels,
        share: rounded(share, SHARE_DIGITS),
        score: rounded(score, DIGITS),
        off: rounded(off, DIGITS),
        unit: member.unit ?? unit,
        ...origin,
        ...(leftOut.length > 0 && { left_out: leftOut }),
      },
    ];
  });
  return all.slice(0, MOST_MEMBERS);
}

function reasonsOf({ rule, members }: GroupEpisode, named: readonly GroupMember[], labels: Labels): readonly string[] {
  const alarming = members.filter(({ score }) => score >= 1).length;
  const all = count(members.length, "series");
  const what = {
    several: `${alarming} of ${all} anomalous together`,
    all:
      alarming === 0
        ? `most of ${all} a little off at once, none of them enough to alarm`
        : `most of ${all} off at once, ${alarming} of them enough to alarm`,
    relations: "values that usually go together do not",
  }[rule];
  const names = memberNames(named, labels);
  const most = named.slice(0, NAMED).map(({ share }, i) => `${names[i]} ${percent(share)}`);
  return most.length === 0 ? [what] : [what, `driven by ${most.join(", ")}`];
}
