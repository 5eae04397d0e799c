import { expect, test } from "vitest";
import type { AnomalyRecord, HydratedRecord } from "../records/record.js";
import { testRecord } from "../records/testing/record.js";
import { hydrateGroup } from "./hydrate-group.js";
import { withoutData } from "./hydrate-record.js";

const options = { nowMs: Date.parse("2025-07-01T12:00:00Z"), windowMode: "centred" } as const;
const member = {
  share: 0.5,
  score: 2,
  off: 0,
  unit: null,
  model: "m",
  model_version: null,
  detector: "residual",
  threshold: null,
  threshold_divisor: 1,
};
const group: AnomalyRecord = testRecord({
  kind: "group",
  member_count: 2,
  members: ["a", "b"].map((name) => ({ ...member, series: name, target: name, labels: { name } })),
});
const failed: HydratedRecord = withoutData(testRecord(), "the server is away", options);
const context = {
  start: "2025-07-01T00:00:00Z",
  step_s: 1200,
  observed: [1],
  expected: [1],
  lower: [0],
  upper: [2],
  lag_24h: [null],
  lag_72h: [null],
};
const fetched: HydratedRecord = { ...failed, hydrate_error: undefined, context };

test("a group gets the 24 hours of its members, and a member that could not be fetched null", () => {
  const hydrated = hydrateGroup(group, [fetched, failed], options);
  expect(hydrated.members?.map((one) => one.context)).toEqual([context, null]);
  expect(hydrated).not.toHaveProperty("hydrate_error");
  expect(hydrated).toMatchObject({ context: null, max_value: null, window: { mode: "centred" } });
});

test("only where no member could be fetched the group says why", () => {
  expect(hydrateGroup(group, [failed, failed], options).hydrate_error).toBe("the server is away");
  expect(hydrateGroup({ ...group, members: [] }, [], options).hydrate_error).toBe("the record names no members");
});
