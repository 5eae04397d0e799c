import { describe, expect, test } from "vitest";
import { contributions } from "./contributions.js";
import { type GroupRecordRequest, groupRecords } from "./group-records.js";
import type { GroupEpisode } from "./group-watch.js";

const MINUTE_MS = 60_000;
const T0 = Date.parse("2025-07-01T10:00:00Z");
const at = (minute: number) => T0 + minute * MINUTE_MS;

const EPISODE: GroupEpisode = {
  startMs: at(0),
  endMs: at(20),
  alertedMs: at(5),
  alarms: 4,
  peakMs: at(10),
  score: 2.6,
  rule: "several",
  // log2(1 + score): 1, 3 and 0.
  members: [
    { key: "aggregator=a,machine=n1", score: 1, off: 7 },
    { key: "aggregator=b,machine=n1", score: 7, off: 1 },
    { key: "aggregator=c,machine=n1", score: 0, off: 0 },
  ],
};

function request(change: Partial<GroupRecordRequest> = {}): GroupRecordRequest {
  const origin = {
    job: "web",
    detector: "groups",
    model: "default+groups",
    model_version: null,
    threshold: "own",
    threshold_divisor: null,
  };
  return {
    group: { key: "machine=n1", labels: { machine: "n1" } },
    members: ["a", "b", "c"].map((aggregator) => ({
      key: `aggregator=${aggregator},machine=n1`,
      name: `n1.${aggregator}`,
      labels: { machine: "n1", aggregator },
      target: `stats.n1.${aggregator}`,
      origin: { ...origin, detector: "residual", model: "default+residual", threshold_divisor: 1 },
    })),
    stepMs: 5 * MINUTE_MS,
    range: { startMs: at(-60), endMs: at(60) },
    mergeGapMs: 30 * MINUTE_MS,
    minDurationMs: 0,
    origin,
    unit: "ratio",
    known: [],
    detectedAtMs: at(60),
    ...change,
  };
}

const one = (episode: Partial<GroupEpisode> = {}, change: Partial<GroupRecordRequest> = {}) =>
  groupRecords([{ ...EPISODE, ...episode }], request(change))[0];

describe("the record of a group", () => {
  test("names its members by their share of the evidence, with all that fetches and scores them again", () => {
    const { members, member_count } = one();
    expect(member_count).toBe(3);
    expect(members?.map(({ series, share }) => [series, share])).toEqual([
      ["n1.b", 0.75],
      ["n1.a", 0.25],
    ]);
    expect(members?.[0]).toMatchObject({
      target: "stats.n1.b",
      detector: "residual",
      model: "default+residual",
      unit: "ratio",
    });
  });

  test("says in words what happened and who drives it", () => {
    expect(one().reasons).toEqual(["2 of 3 series anomalous together", "driven by b 75 %, a 25 %"]);
    expect(one({ rule: "relations" }).reasons).toEqual([
      "values that usually go together do not",
      "driven by a 75 %, b 25 %",
    ]);
    const quiet = EPISODE.members.map((member) => ({ ...member, score: 0.8 }));
    expect(one({ rule: "all", members: quiet }).reasons[0]).toBe(
      "most of 3 series a little off at once, none of them enough to alarm",
    );
  });

  test("has the group's labels and no values, and a severity by its score", () => {
    expect(one()).toMatchObject({
      kind: "group",
      machine: "n1",
      aggregator: "",
      labels: { machine: "n1" },
      observed: null,
      expected: null,
      severity: "high",
      timestamp: "2025-07-01T10:10:00Z",
      start: "2025-07-01T10:00:00Z",
      alerted_at: "2025-07-01T10:05:00Z",
      end: "2025-07-01T10:20:00Z",
      points: 4,
    });
  });

  test("is open until the merge gap is over", () => {
    expect(one({}, { range: { startMs: at(-60), endMs: at(50) } }).status).toBe("open");
    expect(one({}, { range: { startMs: at(-60), endMs: at(55) } }).status).toBe("closed");
  });

  test("keeps the id and the begin of a remembered episode that it continues", () => {
    const { id } = one();
    const known = [
      { id: "earlier", labels: { machine: "n1" }, start: "2025-07-01T09:00:00Z", end: "2025-07-01T09:40:00Z" },
    ];
    expect(one({}, { known })).toMatchObject({ id: "earlier", start: "2025-07-01T09:00:00Z", duration_s: 4800 });
    expect(one({ score: 9, alarms: 1 }).id).toBe(id);
    expect(one({}, { origin: { ...request().origin, job: "other" } }).id).not.toBe(id);
  });

  test("is left out where it ended before the range, and where it was too short", () => {
    expect(groupRecords([EPISODE], request({ range: { startMs: at(20), endMs: at(60) } }))).toEqual([]);
    expect(groupRecords([EPISODE], request({ minDurationMs: 21 * MINUTE_MS }))).toEqual([]);
    expect(groupRecords([EPISODE], request({ minDurationMs: 20 * MINUTE_MS }))).toHaveLength(1);
  });
});

test("members without any evidence have no share, and none is made up where nobody has any", () => {
  const none = EPISODE.members.map(({ key }) => ({ key, score: 0, off: 0 }));
  expect(contributions({ rule: "several", members: none }).map(({ share }) => share)).toEqual([0, 0, 0]);
});
