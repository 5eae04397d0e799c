import type { AnomalyRecord } from "../../records/record.js";
import { testRecord } from "../../records/testing/record.js";
import type { Around } from "../message/compose.js";
import { digestMessage, incidentMessage } from "../message/compose.js";
import type { AlertMessage } from "../message/message.js";
import { testMessage } from "../message/test-message.js";
import type { Digest, Incident, Member, Say, Stage } from "../state.js";

/** Everything that markup of some receiver takes for its own, and what nobody can see. */
export const UGLY = `a&b<c>"d'*e*_f_~g~\`h\`|\u202e@here <!channel>`;
const T0 = Date.parse("2025-07-01T02:00:00Z");
const MINUTE = 60_000;

const settings: Around["settings"] = {
  url: "https://anomaly.example.com",
  grafana: { url: "https://grafana.example.com", datasourceUid: "prom", orgId: 1 },
  timezone: "Europe/Berlin",
};

function record(machine: string, part: Partial<AnomalyRecord> = {}): AnomalyRecord {
  return testRecord({
    id: `e-${machine.replace(/[^\w]/g, "")}`,
    machine,
    aggregator: "request_seconds",
    series: `${machine}.request_seconds`,
    target: `${machine}.request_seconds`,
    labels: { machine, aggregator: "request_seconds", runbook_url: "https://wiki.example.com/run?a=1&b=2" },
    start: "2025-07-01T00:00:00Z",
    timestamp: "2025-07-01T00:40:00Z",
    end: "2025-07-01T01:00:00Z",
    observed: 3.2,
    expected: 0.4,
    lower: 0.2,
    upper: 0.8,
    score: 4,
    severity: "high",
    reasons: ["4× the upper limit", "8× the value 24 h ago"],
    job: "web",
    ...part,
  });
}

function incidentOf(records: readonly AnomalyRecord[], part: Partial<Incident> = {}): Incident {
  const members = records.map(
    (one): Member => ({
      id: one.id,
      kind: "episode",
      series: one.series,
      job: one.job ?? null,
      machine: one.machine,
      aggregator: one.aggregator,
      severity: one.severity,
      startMs: Date.parse(one.start),
      endMs: Date.parse(one.end),
      closedMs: part.closedMs ?? null,
      routes: ["pages"],
    }),
  );
  return {
    id: "inc-000000000001",
    openedMs: T0,
    closedMs: null,
    mergedInto: null,
    ack: null,
    notices: {},
    members,
    ...part,
  };
}

function around(records: readonly AnomalyRecord[], earlier: readonly number[] = []): Around {
  return {
    nowMs: T0 + 30 * MINUTE,
    settings,
    recordOf: (id) => records.find((one) => one.id === id),
    reasonOf: () => "the last value is 2h old",
    earlier: () => earlier,
    fleetMachines: 200,
  };
}

const say = (stage: Stage, part: Partial<Say> = {}): Say => ({
  id: `inc-000000000001-pages-${stage}`,
  stage,
  route: "pages",
  receivers: ["hook"],
  incident: "inc-000000000001",
  digest: null,
  ...part,
});

/** One message of each kind, with names that nobody would choose. */
export function testMessages(): Readonly<Record<string, AlertMessage>> {
  const one = [record(UGLY, { likely_cause: "4m after deploy web-1.42 <b>" })];
  const weekly = [1, 2, 3].map((weeks) => Date.parse(one[0].start) - weeks * 7 * 24 * 60 * MINUTE);
  const fleet = Array.from({ length: 60 }, (_, i) =>
    record(`m${i}`, { score: 2 + i / 100, start: i === 7 ? "2025-06-30T23:58:00Z" : "2025-07-01T00:00:00Z" }),
  );
  const silent = incidentOf(one);
  const status: Incident = {
    ...silent,
    members: [
      { ...silent.members[0], id: "stale-1", kind: "stale" },
      { ...silent.members[0], id: "stale-2", kind: "stale", machine: "n2" },
    ],
  };
  const failed: Incident = {
    ...silent,
    members: [{ ...silent.members[0], id: "run-1", kind: "run_failed", machine: "", aggregator: "" }],
  };
  const digest: Digest = {
    id: "dig-000000000001",
    route: "pages",
    reason: "storm",
    openedMs: T0,
    closedMs: null,
    lastMs: T0,
    said: 1,
    incidents: [],
    signature: "",
  };
  const many = fleet
    .slice(0, 25)
    .map((single, i) => incidentOf([single], { id: `inc-${i}`, ...(i < 5 && { closedMs: T0 }) }));
  const ofDigest = { incident: null, digest: digest.id };
  const closed = { closedMs: T0 };
  return {
    open: incidentMessage(say("open"), incidentOf(one), around(one, weekly)),
    fleet: incidentMessage(say("update"), incidentOf(fleet), around(fleet)),
    repeat: incidentMessage(say("repeat"), incidentOf(one), around(one)),
    escalation: incidentMessage(say("escalation"), incidentOf(one), around(one)),
    close: incidentMessage(say("close"), incidentOf(one, closed), around(one)),
    storm: digestMessage(say("open", ofDigest), digest, many, around(fleet)),
    quiet: digestMessage(say("close", ofDigest), { ...digest, reason: "quiet", ...closed }, many, around(fleet)),
    stale: incidentMessage(say("open"), status, around([])),
    failed: incidentMessage(say("open"), failed, { ...around([]), reasonOf: () => `Graphite answered 502 ${UGLY}` }),
    test: testMessage("test-1", "pages", settings, T0),
  };
}
