import { findIncidents, type Incidents } from "../../incidents/incidents.js";
import type { AnomalyRecord } from "../../records/record.js";
import { countStates, readyTimes, SERIES_STATES, type SeriesStatus, type StateTotals } from "../../records/status.js";
import { worstFirst } from "../../records/worst-first.js";
import type { JobRun } from "../../runs/run-job.js";
import { formatDuration } from "../../time/duration.js";
import { formatUtc } from "../../time/format.js";
import { count, thousands } from "../../wording/count.js";
import { visible } from "../../wording/visible.js";
import type { Destination } from "../destination.js";
import type { Log } from "../log.js";

/** All that a run of infer has come to. */
export interface InferResult extends JobRun {
  /** What is written: all that was found, or with `--new` what no run before has reported. */
  readonly reported: readonly AnomalyRecord[];
  /** The records of the file that is written, before this run. */
  readonly existing: readonly AnomalyRecord[];
  readonly seconds: number;
}

/** Machines that are named; anomaly show has them all. */
const INCIDENTS_SAID = 5;

/** `600 series now: 590 ok, 4 anomalous, 3 warming`: at the end of the range, whatever was found before; without empty states. */
export function statesLine(totals: StateTotals): string {
  const all = SERIES_STATES.reduce((sum, state) => sum + totals[state], 0);
  const parts = SERIES_STATES.flatMap((state) => (totals[state] === 0 ? [] : [`${thousands(totals[state])} ${state}`]));
  return `${count(all, "series")}${parts.length === 0 ? "" : ` now: ${parts.join(", ")}`}`;
}

/** From when on those that are warming will be scored: `; ready at …`, or between the first and the last of them. */
export function readyWords(statuses: readonly SeriesStatus[]): string {
  const ready = readyTimes(statuses);
  if (ready === undefined) return "";
  const [first, last] = [ready.first, ready.last].map((time) => time.replace(/:00Z$/, "Z"));
  return first === last ? `; ready at ${first}` : `; ready from ${first} to ${last}`;
}

/** Two calm lines on stderr, and one more where something failed. */
export function reportResult(
  log: Log,
  result: InferResult,
  destination: Destination,
  written: string | undefined,
): void {
  const totals = countStates(result.found.statuses);
  const open = result.reported.filter(({ status }) => status === "open").length;
  const span = formatDuration(result.range.endMs - result.range.startMs);
  const where = destination.kind === "stdout" ? "" : `; ${destination.path}: ${written}`;
  log.info(`${statesLine(totals)}${readyWords(result.found.statuses)}`, totals);
  log.info(
    `${count(result.reported.length, "episode")} in ${span} up to ${formatUtc(Math.floor(result.range.endMs / 1000) * 1000)}` +
      `${openWords(result.reported.length, open)}${where}`,
    { episodes: result.reported.length, open },
  );
  for (const line of incidentLines(incidentsOf(result))) log.info(line);
  const failure = result.found.statuses.find(({ state }) => state === "failed");
  if (failure !== undefined) {
    const more = totals.failed > 1 ? ` (${totals.failed - 1} more in the states file)` : "";
    log.error(`${failure.series} could not be scored: ${failure.reason ?? "no reason given"}${more}`);
  }
  if (totals.no_data === result.found.statuses.length) {
    log.error(
      `no data: no series has a value in that time; source: ${result.source}; check the range and what is requested`,
    );
  }
}

/** The quiet machines belong to the fleet too. */
function incidentsOf({ reported, found }: InferResult): Incidents {
  const fleetMachines = new Set(found.statuses.map(({ machine }) => machine)).size;
  return findIncidents(reported, { fleetMachines });
}

/** What is open, `critical: web1: 15 series silent`: of many machines, then of one, the worst first. */
function incidentLines({ fleet, machines }: Incidents): string[] {
  const isOpen = ({ status }: { readonly status: string }) => status === "open";
  const open = machines.filter(isOpen).sort(worstFirst);
  const said = open.slice(0, INCIDENTS_SAID);
  const left = open.length - said.length;
  return [
    ...fleet.filter(isOpen).map(({ severity, reasons }) => `${severity}: ${reasons.join("; ")}`),
    ...said.map(({ machine, words, severity }) => `${severity}: ${visible(machine)}: ${words}`),
    ...(left > 0 ? [`and ${count(left, "more machine")}; anomaly show lists them`] : []),
  ];
}

/** A series that is ok now may have episodes that are over. */
function openWords(episodes: number, open: number): string {
  if (episodes === 0) return "";
  return open === 0 ? ", none open now" : `, ${thousands(open)} still open`;
}

/** The run in figures, for `--summary`. */
export function summaryOf(result: InferResult) {
  const { found, reported, range, model, threshold, source, seconds } = result;
  const { fleet, machines } = incidentsOf(result);
  return {
    from: formatUtc(range.startMs),
    until: formatUtc(range.endMs),
    source,
    model: model.name,
    model_sha256: model.checksum,
    threshold,
    series: countStates(found.statuses),
    ready_at: readyTimes(found.statuses)?.last ?? null,
    episodes: found.records.length,
    open: found.records.filter(({ status }) => status === "open").length,
    reported: reported.length,
    fleet,
    incidents: machines,
    seconds,
  };
}
