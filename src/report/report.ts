import { DEFAULT_FLEET_RULE, type FleetAnomaly, type FleetOptions, machinesNeeded } from "../incidents/fleet.js";
import { findIncidents } from "../incidents/incidents.js";
import type { MachineIncident } from "../incidents/machine.js";
import { isGroupRecord } from "../records/group-members.js";
import type { RecordEvent } from "../records/known-event.js";
import type { AnomalyRecord, HydratedRecord, Severity } from "../records/record.js";
import type { SeriesStatus } from "../records/status.js";
import { tellingLabelsOf } from "../records/telling-labels.js";
import { worstFirst } from "../records/worst-first.js";
import { seriesKey, type TimeRange } from "../series/series.js";
import { HOUR_MS } from "../time/duration.js";
import { formatUtc } from "../time/format.js";
import { daysOf } from "./days.js";
import { type GroupSummary, groupSummaries } from "./group-summary.js";
import { type HeatMap, heatMapOf } from "./heat-map.js";
import { clipped } from "./intervals.js";
import { type NoisySeries, noiseRanking } from "./noise.js";
import { type NotScored, notScored } from "./not-scored.js";
import { type ShapeGroup, similarShapes } from "./similar-shapes.js";
import { type DayTrend, trendOf } from "./trend.js";

export interface ReportRequest {
  readonly records: readonly (AnomalyRecord | HydratedRecord)[];
  /** The states of the last run; undefined where they are not known, and the report says so. */
  readonly statuses?: readonly SeriesStatus[];
  readonly range: TimeRange;
  readonly timezone: string;
  /** Those that are known beside what records name. Default: none. */
  readonly events?: readonly RecordEvent[];
  readonly fleet?: FleetOptions;
}

export interface ReportTotals {
  readonly episodes: number;
  readonly open: number;
  readonly by_severity: Readonly<Record<Severity, number>>;
  /** Machines with an episode in the period, and of how many that is. */
  readonly machines: number;
  readonly fleet_machines: number;
  /** Hours anomalous, summed over the series. */
  readonly series_hours: number;
  /** Series that are watched; null where the states are not known. */
  readonly series: number | null;
  readonly not_scored: number | null;
}

/** All that a report says, as data: the page and the picture are drawn from it. */
export interface Report {
  readonly range: TimeRange;
  readonly timezone: string;
  readonly totals: ReportTotals;
  /** Everything of the period, the worst first. */
  readonly records: readonly (AnomalyRecord | HydratedRecord)[];
  /** What is wrong now: the open ones, the worst first. */
  readonly open: readonly (AnomalyRecord | HydratedRecord)[];
  readonly fleet: readonly FleetAnomaly[];
  /** What began together on single machines and is no part of a fleet anomaly. */
  readonly incidents: readonly MachineIncident[];
  /** Labels without which two series of the report would have one name. */
  readonly tellingLabels: readonly string[];
  /** The open ones that belong to no open fleet anomaly or incident, which are listed in their place. */
  readonly openAlone: readonly (AnomalyRecord | HydratedRecord)[];
  /** The rule that `fleet` was found by. */
  readonly fleetRule: { readonly machines: number; readonly windowMs: number };
  readonly machines: readonly GroupSummary[];
  readonly aggregators: readonly GroupSummary[];
  /** By kind; `concerned` are series. */
  readonly kinds: readonly GroupSummary[];
  readonly trend: readonly DayTrend[];
  readonly heat: HeatMap;
  readonly shapes: readonly ShapeGroup[];
  readonly noise: readonly NoisySeries[];
  readonly notScored: readonly NotScored[] | null;
  /** Deployments, maintenances and holidays that touch the range, in the order of their begin. */
  readonly events: readonly RecordEvent[];
}

/** Sums up the records that touch the range. Pure: the same records give the same report. */
export function reportOf(request: ReportRequest): Report {
  const { records: all, statuses, range, timezone, events = [], fleet: rule = {} } = request;
  const records = all.filter((record) => clipped(record, range) !== undefined).sort(worstFirst);
  const days = daysOf(range, timezone);
  const known = new Set([...all, ...(statuses ?? [])].map(({ machine }) => machine));
  const fleetMachines = Math.max(rule.fleetMachines ?? 0, known.size);
  const machines = groupSummaries(
    records,
    days,
    ({ machine }) => machine,
    ({ labels }) => seriesKey(labels),
  );
  const bySeverity: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0 };
  let seriesMs = 0;
  for (const record of records) {
    bySeverity[record.severity]++;
    const part = clipped(record, range);
    if (part !== undefined) seriesMs += part.endMs - part.startMs;
  }
  const open = records.filter(({ status }) => status === "open");
  const incidents = findIncidents(records, { ...rule, fleetMachines });
  const together = new Set(
    [...incidents.fleet, ...incidents.machines].flatMap(({ status, members }) => (status === "open" ? members : [])),
  );
  const unscored = statuses === undefined ? null : notScored(statuses);
  return {
    range,
    timezone,
    totals: {
      episodes: records.length,
      open: open.length,
      by_severity: bySeverity,
      machines: machines.length,
      fleet_machines: fleetMachines,
      series_hours: Number((seriesMs / HOUR_MS).toFixed(2)),
      series: statuses?.length ?? null,
      not_scored: unscored?.reduce((sum, { series }) => sum + series.length, 0) ?? null,
    },
    records,
    open,
    fleet: incidents.fleet,
    incidents: incidents.machines,
    tellingLabels: tellingLabelsOf(records, statuses),
    openAlone: open.filter(({ id }) => !together.has(id)),
    fleetRule: {
      machines: machinesNeeded(fleetMachines, rule),
      windowMs: rule.windowMs ?? DEFAULT_FLEET_RULE.windowMs,
    },
    machines,
    // A group has no aggregator of its own: its members do.
    aggregators: groupSummaries(
      records.filter((record) => !isGroupRecord(record)),
      days,
      ({ aggregator }) => aggregator,
      ({ machine }) => machine,
    ),
    kinds: groupSummaries(
      records,
      days,
      ({ kind }) => kind,
      ({ labels }) => seriesKey(labels),
    ),
    trend: trendOf(records, days, fleetMachines),
    heat: heatMapOf(
      records,
      range,
      machines.map(({ name }) => name),
    ),
    shapes: similarShapes(records),
    noise: noiseRanking(records),
    notScored: unscored,
    events: eventsOf(records, events, range),
  };
}

function eventsOf(
  records: readonly AnomalyRecord[],
  known: readonly RecordEvent[],
  { startMs, endMs }: TimeRange,
): readonly RecordEvent[] {
  // What is known now goes before what a record was given when it was found.
  const named = records.flatMap((record) => record.events ?? []);
  const byId = new Map([...named, ...known].map((one) => [one.id, one]));
  return [...byId.values()]
    .filter(({ from, until }) => Date.parse(from) < endMs && Date.parse(until) > startMs)
    .map(({ id, kind, from, until, note }) => ({ id, kind, from, until, note }))
    .sort((a, b) => Date.parse(a.from) - Date.parse(b.from) || (a.id < b.id ? -1 : 1));
}

/** The report as one JSON object; the records' windows stay out, they are in the records' own file. */
export function reportJson({ range, ...report }: Report) {
  return {
    schema: "anomaly-report/1",
    from: formatUtc(range.startMs),
    until: formatUtc(range.endMs),
    timezone: report.timezone,
    totals: report.totals,
    open: report.open.map(({ id }) => id),
    fleet: report.fleet,
    incidents: report.incidents,
    machines: report.machines,
    aggregators: report.aggregators,
    kinds: report.kinds,
    trend: report.trend,
    shapes: report.shapes,
    noise: report.noise,
    not_scored: report.notScored,
    // Only where there are any, so that a report without them is what it was.
    ...(report.events.length > 0 && { events: report.events }),
    records: report.records.map((record) => {
      const { context: _context, history: _history, ...rest } = record as HydratedRecord;
      return rest;
    }),
  };
}
