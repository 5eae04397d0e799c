import { hydratedOf, withHistory } from "../../plot/testing/hydrated-record.js";
import type { HydratedRecord, Severity } from "../../records/record.js";
import type { SeriesStatus } from "../../records/status.js";
import { formatUtc } from "../../time/format.js";

const SEVERITIES: readonly Severity[] = ["low", "medium", "high", "critical"];
const HOUR_MS = 3_600_000;

/** A hydrated record of a machine; the window moves with its start. */
export function episode(
  machine: string,
  startMs: number,
  hours: number,
  part: Partial<HydratedRecord> = {},
): HydratedRecord {
  const aggregator = part.aggregator ?? "client_presence_hour";
  const start = formatUtc(startMs);
  const base = hydratedOf({}, 1200);
  const windowStart = formatUtc(startMs - 12 * HOUR_MS);
  return withHistory({
    ...base,
    id: `${machine}-${aggregator}-${start}`,
    machine,
    aggregator,
    series: machine,
    target: `fleet.${machine}.${aggregator}`,
    labels: { machine, aggregator },
    start,
    timestamp: start,
    alerted_at: formatUtc(startMs + 1_200_000),
    end: formatUtc(startMs + hours * HOUR_MS),
    duration_s: hours * 3600,
    step_s: 1200,
    window: { start: windowStart, end: formatUtc(startMs + 12 * HOUR_MS), mode: "centred" },
    context: { ...base.context!, start: windowStart },
    ...part,
  });
}

/**
 * Records of 100 machines × 6 aggregators over a week: each series twice (1,200 of them), of all severities, a tenth of them
 * open, and one fleet anomaly of 30 machines. The same for the same count.
 */
export function weekOfRecords(series = 600): HydratedRecord[] {
  const t0 = Date.parse("2025-07-01T00:00:00Z");
  const records: HydratedRecord[] = [];
  for (let i = 0; i < 2 * series; i++) {
    const machine = `n${200 + (i % 100)}-primary-example-com`;
    const severity = SEVERITIES[i % 4];
    const startMs = t0 + ((i * 7919) % (7 * 72 - 6)) * 1_200_000;
    records.push(
      episode(machine, startMs, 0.5 + (i % 5), {
        aggregator: `aggregator_${i % 6}_hour`,
        id: `r${i}`,
        severity,
        score: 1 + (i % 37) / 7,
        status: i % 10 === 0 ? "open" : "closed",
      }),
    );
  }
  for (let i = 0; i < 30; i++) {
    records.push(
      episode(`n${200 + i}-primary-example-com`, t0 + 100 * HOUR_MS + (i % 2) * 1_200_000, 3, {
        id: `fleet${i}`,
        kind: "drop",
        direction: "down",
        severity: "critical",
      }),
    );
  }
  return records;
}

export function statusOf(machine: string, part: Partial<SeriesStatus> = {}): SeriesStatus {
  return {
    machine,
    aggregator: "a",
    series: machine,
    labels: { machine, aggregator: "a" },
    state: "ok",
    score: 0.2,
    last_at: null,
    last_value: 1,
    reason: null,
    ...part,
  };
}
