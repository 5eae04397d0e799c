import type { AnomalyRecord } from "../../records/record.js";
import { testRecord } from "../../records/testing/record.js";
import { formatUtc } from "../../time/format.js";
import type { Look } from "../decide/look.js";
import { type Problem, problemOf } from "../problem.js";
import { ALERTS_SCHEMA } from "../settings/schema.js";
import type { AlertSettings } from "../settings/settings.js";

export const MINUTE = 60_000;
/** A Tuesday. */
export const T0 = Date.parse("2025-07-01T10:00:00Z");

/** An episode that begins and ends at these minutes; open where it has no end. */
export function episode(
  machine: string,
  fromMinute: number,
  { until, ...part }: Partial<AnomalyRecord> & { readonly until?: number } = {},
): Problem {
  const aggregator = part.aggregator ?? `metric-of-${machine}`;
  const start = formatUtc(T0 + fromMinute * MINUTE);
  return problemOf(
    testRecord({
      machine,
      aggregator,
      id: `${machine}-${aggregator}-${fromMinute}`,
      series: `${machine}.${aggregator}`,
      labels: { machine, aggregator },
      start,
      alerted_at: start,
      timestamp: start,
      end: until === undefined ? formatUtc(T0 + (fromMinute + 1) * MINUTE) : formatUtc(T0 + until * MINUTE),
      status: until === undefined ? "open" : "closed",
      step_s: 60,
      ...part,
    }),
  );
}

export function lookAt(minute: number, problems: readonly Problem[], part: Partial<Look> = {}): Look {
  return {
    nowMs: T0 + minute * MINUTE,
    problems,
    coveredJobs: [null],
    silenced: new Set(),
    fleetMachines: 100,
    ...part,
  };
}

/** Settings with one webhook and one route that takes everything. */
export function testSettings(route: object = {}, part: object = {}): AlertSettings {
  return ALERTS_SCHEMA.parse({
    receivers: {
      hook: { kind: "webhook", url: "http://127.0.0.1:9/" },
      boss: { kind: "webhook", url: "http://127.0.0.1:9/boss" },
    },
    routes: [
      { name: "all", receivers: ["hook"], group_wait: "1m", group_interval: "5m", repeat_interval: "4h", ...route },
    ],
    ...part,
  });
}
