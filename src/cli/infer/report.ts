import type { AnomalyRecord } from "../../records/record.js";
import { countStates, SERIES_STATES, type StateTotals } from "../../records/status.js";
import type { JobRun } from "../../runs/run-job.js";
import { formatDuration } from "../../time/duration.js";
import { formatUtc } from "../../time/format.js";
import { count, thousands } from "../../wording/count.js";
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

/** `600 series: 590 ok, 4 anomalous, 3 warming`; states that no series is in are left out. */
export function statesLine(totals: StateTotals): string {
  const all = SERIES_STATES.reduce((sum, state) => sum + totals[state], 0);
  const parts = SERIES_STATES.flatMap((state) => (totals[state] === 0 ? [] : [`${thousands(totals[state])} ${state}`]));
  return `${count(all, "series", "series")}${parts.length === 0 ? "" : `: ${parts.join(", ")}`}`;
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
  log.info(statesLine(totals), totals);
  log.info(
    `${count(result.reported.length, "episode")} in ${span} up to ${formatUtc(Math.floor(result.range.endMs / 1000) * 1000)}` +
      `${open > 0 ? `, ${open} still open` : ""}${where}`,
    { episodes: result.reported.length, open },
  );
  const failure = result.found.statuses.find(({ state }) => state === "failed");
  if (failure !== undefined) {
    const more = totals.failed > 1 ? ` (${totals.failed - 1} more in the states file)` : "";
    log.error(`${failure.series} could not be scored: ${failure.reason ?? "no reason given"}${more}`);
  }
  if (totals.no_data === result.found.statuses.length) {
    log.error(
      `no data: no series has a value in that time; source: ${result.source}; check the range, and what is asked for`,
    );
  }
}

/** The run in figures, for `--summary`. */
export function summaryOf({ found, reported, range, model, threshold, source, seconds }: InferResult) {
  return {
    from: formatUtc(range.startMs),
    until: formatUtc(range.endMs),
    source,
    model: model.name,
    model_sha256: model.checksum,
    threshold,
    series: countStates(found.statuses),
    episodes: found.records.length,
    open: found.records.filter(({ status }) => status === "open").length,
    reported: reported.length,
    seconds,
  };
}
