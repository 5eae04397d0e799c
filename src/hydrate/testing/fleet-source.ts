import type { AnomalyRecord } from "../../records/record.js";
import { RECORD_SCHEMA } from "../../records/record.js";
import type { Series, TimeRange } from "../../series/series.js";
import { seriesKey } from "../../series/series.js";
import { DEFAULT_FLEET } from "../../simulate/options.js";
import { simulateFleet } from "../../simulate/simulate.js";
import type { FetchResult, SeriesQuery, SeriesSource } from "../../sources/source.js";
import { slotsOf } from "../series-slots.js";

/** The fleet of data/fleet, history and live days in one series each. */
export function committedFleet(): Series[] {
  const fleet = simulateFleet({
    ...DEFAULT_FLEET,
    seed: 7,
    machines: 3,
    historyDays: 28,
    liveDays: 3,
    incidentsPerKind: 2,
  });
  return fleet.history.map((past, i) => ({
    ...past,
    values: Float64Array.from([...past.values, ...fleet.live[i].values]),
  }));
}

export interface MemorySource extends SeriesSource {
  readonly requests: { readonly query: SeriesQuery; readonly range: TimeRange }[];
}

/** A source over series in memory that notes what was requested. `broken` targets make the whole request throw. */
export function memorySource(all: readonly Series[], broken?: (query: SeriesQuery) => Error | undefined): MemorySource {
  const requests: MemorySource["requests"] = [];
  return {
    kind: "memory",
    requests,
    async fetch(query, range): Promise<FetchResult> {
      requests.push({ query, range });
      const failure = broken?.(query);
      if (failure !== undefined) throw failure;
      const series: Series[] = [];
      const problems: FetchResult["problems"][number][] = [];
      for (const target of query.targets) {
        const found = all.find((one) => seriesKey(one.labels) === seriesKey(target.labels));
        if (found === undefined) problems.push({ target, kind: "no_data", reason: `no data for ${target.expression}` });
        else series.push({ ...found, startMs: range.startMs, values: slotsOf(found, range) });
      }
      return { series, problems, notes: [] };
    },
  };
}

/** A record of a one-slot spike, to be changed as a test needs it. */
export function recordOf(change: Partial<AnomalyRecord> = {}): AnomalyRecord {
  const machine = change.machine ?? "n201-primary-example-com";
  const aggregator = change.aggregator ?? "client_presence_hour";
  return {
    schema: RECORD_SCHEMA,
    machine,
    aggregator,
    timestamp: "2025-07-02T11:40:00Z",
    severity: "high",
    id: "0123456789abcdef",
    kind: "spike",
    series: `${machine}.${aggregator}`,
    target: `${machine}.${aggregator}`,
    labels: { machine, aggregator },
    start: "2025-07-02T11:40:00Z",
    alerted_at: "2025-07-02T12:00:00Z",
    end: "2025-07-02T12:00:00Z",
    status: "closed",
    duration_s: 1200,
    points: 1,
    step_s: 1200,
    score: 4.21,
    observed: 0.101341,
    expected: 0.0231,
    lower: 0.0178,
    upper: 0.0282,
    direction: "up",
    reasons: ["3.6× above the band", "4.1× the value 24 h ago"],
    unit: "ratio",
    model: "fleet",
    model_version: null,
    detector: "family",
    threshold: null,
    threshold_divisor: null,
    detected_at: "2025-07-02T12:00:30Z",
    ...change,
  };
}
