import { expect, test } from "vitest";
import { testRecord } from "../../records/testing/record.js";
import type { Incident, Member, Say } from "../state.js";
import { type Around, incidentMessage } from "./compose.js";

const group = testRecord({
  kind: "group",
  machine: "web1",
  aggregator: "",
  series: "machine=web1",
  target: "",
  labels: { machine: "web1" },
  observed: null,
  expected: null,
  lower: null,
  upper: null,
  direction: "none",
  reasons: ["4 of 12 series anomalous together", "driven by cpu 40 %, load 30 %, io 10 %"],
  member_count: 12,
});

test("the message about a group says what happened to it and which series drive it", () => {
  const startMs = Date.parse(group.start);
  const { id, series, machine, aggregator, severity } = group;
  const member = {
    id,
    kind: "episode",
    series,
    job: null,
    machine,
    aggregator,
    severity,
    startMs,
    endMs: startMs,
    closedMs: null,
    routes: ["pages"],
  };
  const incident = {
    id: "inc-1",
    mergedInto: null,
    closedMs: null,
    members: [member as Member],
  } as unknown as Incident;
  const say = { id: "say-1", stage: "open", route: "pages", incident: "inc-1" } as unknown as Say;
  const around: Around = {
    nowMs: startMs + 60_000,
    settings: { url: null, grafana: null, timezone: "UTC" },
    recordOf: () => group,
    reasonOf: () => null,
    earlier: () => [],
    fleetMachines: 3,
  };
  const message = incidentMessage(say, incident, around);
  expect(message.title).toBe("machine=web1: 4 of 12 series anomalous together");
  expect(message.reasons).toContain("driven by cpu 40 %, load 30 %, io 10 %");
  expect(message.facts).toEqual([{ name: "Score", value: "2 (1 is the threshold)" }]);
});
